"""Addresses at which members arrange and share their galleries, and of prompts."""

from django.urls import path

from .views import gallery_order, prompts, shared_galleries

urlpatterns = [
    path("settings/galleries/order/", gallery_order.order_own_galleries, name="order_galleries"),
    path("settings/galleries/<str:gallery_slug>/order/", gallery_order.order_own_posts, name="order_posts"),
    path("settings/galleries/<str:gallery_slug>/cover/", gallery_order.cover, name="gallery_cover"),
    path("settings/galleries/<str:gallery_slug>/people/", shared_galleries.people, name="gallery_people"),
    path("settings/shared/<str:username>/<str:gallery_slug>/", shared_galleries.answer, name="gallery_answer"),
    path("settings/shared/<str:username>/<str:gallery_slug>/posts/", shared_galleries.add, name="gallery_add"),
    path("prompts/", prompts.prompts, name="prompts"),
    path("prompts/<str:slug>/", prompts.prompt, name="prompt"),
    path("prompts/<str:slug>/enter/", prompts.enter, name="enter_prompt"),
]
