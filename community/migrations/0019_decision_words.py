from django.db import migrations, models

# What is told until administrators write it better: for any rule, and where a rule asks for words of its own.
USUAL = {
    ("sensitive", ""): "We marked this as sensitive: people see it blurred until they ask for it. The rule: {rule}.",
    ("limit", ""): "This stays where it is, but it is no longer shown to people who did not look for it. The rule: {rule}.",
    ("take_down", ""): "This breaks a rule of our guidelines, and we took it down. The rule: {rule}.",
    ("take_down", "copyright"): "Somebody says that this is their work. If you have the right to publish it, tell us so.",
    ("take_down", "privacy"): "This shows somebody who does not want to be shown, and we took it down.",
    ("warn", ""): (
        "This breaks a rule of our guidelines, and we took it down. The rule: {rule}. Please mind it: if it happens again, "
        "we may suspend your account."
    ),
    ("suspend", ""): "We suspended your account, because of a rule of our guidelines. The rule: {rule}.",
    ("suspend", "spam"): "We suspended your account: it was used to advertise or to deceive.",
}
NAME = "Usual"


def write(apps, schema_editor):
    templates = apps.get_model("community", "DecisionTemplate")
    templates.objects.bulk_create(
        templates(name=NAME, act=act, rule=rule, text=text) for (act, rule), text in USUAL.items()
    )


class Migration(migrations.Migration):
    dependencies = [("community", "0018_announcements")]

    operations = [
        migrations.CreateModel(
            name="DecisionTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("no_action", "No action"),
                            ("sensitive", "Label as sensitive"),
                            ("limit", "Limit"),
                            ("take_down", "Take down"),
                            ("warn", "Take down and warn"),
                            ("suspend", "Suspend"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("child_safety", "A child is harmed or shown in a sexual way"),
                            ("self_harm", "Somebody may harm themselves"),
                            ("violence", "Threats or violence"),
                            ("harassment", "Harassment or bullying"),
                            ("hate", "Hatred against a group of people"),
                            ("privacy", "It shows me, or somebody else, against our will"),
                            ("sexual", "Nudity or sex that is not marked as sensitive"),
                            ("spam", "Spam or fraud"),
                            ("copyright", "It is my work, or the work of somebody I act for"),
                            ("other", "Something else"),
                        ],
                        help_text="Nothing here: for every rule that has no words of its own.",
                        max_length=12,
                        verbose_name="rule",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="{rule} stands for the rule that was broken.",
                        max_length=2000,
                        verbose_name="what the member is told",
                    ),
                ),
            ],
            options={
                "verbose_name": "words for a decision",
                "verbose_name_plural": "words for decisions",
                "ordering": ["act", "rule", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=["act", "rule", "name"], name="words_for_a_decision_have_a_name")
                ],
            },
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
