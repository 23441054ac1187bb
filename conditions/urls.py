from django.urls import path

from conditions import article_views, views

app_name = "conditions"
urlpatterns = [
    path("conditions/", views.condition_index, name="condition_index"),
    path("conditions/<slug:slug>/", views.condition, name="condition"),
    path("conditions/<slug:slug>/helpful/", article_views.answer, name="helpful"),
    path("conditions/<slug:slug>/thank-you/", article_views.thanks, name="thanks"),
    path("glossary/", article_views.glossary_index, name="glossary"),
    path("treatments/", views.treatment_index, name="treatment_index"),
    path("treatments/<slug:slug>/", views.treatment, name="treatment"),
    path("specialties/", views.specialty_index, name="specialty_index"),
    path("specialties/<slug:slug>/", views.specialty, name="specialty"),
]
