"""Admin of the glossary, and of the signs to seek help at once beside each condition."""

from django import forms
from django.contrib import admin

from conditions.admin_tools import InlineRowForm, LinesField
from conditions.models import GlossaryTerm, UrgentSigns
from conditions.models.glossary import begin_and_end_in_words


class GlossaryTermForm(forms.ModelForm):
    also = LinesField(
        label=GlossaryTerm._meta.get_field("also").verbose_name,
        base_field=forms.CharField(max_length=100, validators=[begin_and_end_in_words]),
        required=False,
        help_text=GlossaryTerm._meta.get_field("also").help_text,
    )


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(admin.ModelAdmin):
    form = GlossaryTermForm
    list_display = ("term", "language", "explanation")
    list_filter = ("language",)
    search_fields = ("term", "also", "explanation")
    fields = ("language", "term", "slug", "also", "explanation")
    prepopulated_fields = {"slug": ("term",)}


class UrgentSignsForm(InlineRowForm):
    signs = LinesField(
        label=UrgentSigns._meta.get_field("signs").verbose_name,
        base_field=forms.CharField(max_length=200),
        help_text=UrgentSigns._meta.get_field("signs").help_text,
    )


class UrgentSignsInline(admin.StackedInline):
    model = UrgentSigns
    form = UrgentSignsForm
    extra = 0
