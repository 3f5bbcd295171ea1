"""The rules of the guidelines, for templates: `{{ decision.rule|address_of_rule }}`."""

from django import template

from community.guidelines import address_of_rule

register = template.Library()
register.filter(address_of_rule)
