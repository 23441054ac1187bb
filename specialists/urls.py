from django.urls import path

from specialists import views

app_name = "specialists"
urlpatterns = [
    path("", views.specialist_list, name="list"),
    path("map/", views.specialist_map, name="map"),
    path("options/<slug:facet>/", views.options, name="options"),
    path("<slug:slug>/", views.profile, name="profile"),
]
