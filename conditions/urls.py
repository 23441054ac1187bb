from django.urls import path

from conditions import views

app_name = "conditions"
urlpatterns = [
    path("conditions/", views.condition_index, name="condition_index"),
    path("conditions/<slug:slug>/", views.condition, name="condition"),
    path("treatments/", views.treatment_index, name="treatment_index"),
    path("treatments/<slug:slug>/", views.treatment, name="treatment"),
    path("specialties/", views.specialty_index, name="specialty_index"),
    path("specialties/<slug:slug>/", views.specialty, name="specialty"),
]
