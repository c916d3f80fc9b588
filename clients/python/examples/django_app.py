"""Run: python django_app.py runserver, or as ASGI: uvicorn django_app:asgi"""

import os
import sys

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.management import execute_from_command_line
from django.http import JsonResponse
from django.urls import path
from provost import Guard, Provost, SpoolOptions

GUARDS = {
    "/health": None,
    "/chat": Guard(scopes=["messages:write"], consume={"conversations": 1}),
    "/essay": Guard(reserve={"conversations": 0, "credits": 50}),
}

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.urandom(32).hex(),
    MIDDLEWARE=["provost.django_middleware"],
    PROVOST=Provost(
        url=os.environ["PROVOST_URL"],
        service_key=os.environ["PROVOST_SERVICE_KEY"],
        spool=SpoolOptions(folder=os.environ["SPOOL_FOLDER"]),
    ),
    PROVOST_GUARD=lambda method, path: GUARDS.get(path, Guard()),
)


def health(request):
    return JsonResponse({"status": "ok"})


def me(request):
    caller = request.provost
    return JsonResponse({"subject": caller.subject, "plan": caller.plan, "scopes": caller.scopes, "stale": caller.stale})


async def chat(request):
    messages = [{"role": "user", "content": "Why is the sky blue?"}, {"role": "assistant", "content": "Air scatters short waves."}]
    log_id = await request.provost.log_async(model="llama-3-8b", messages=messages)
    return JsonResponse({"log": log_id, "remaining": request.provost.standing.limits[0]["remaining"]})


def essay(request):
    request.provost.spend(20)
    return JsonResponse({"words": 500})


urlpatterns = [path("health", health), path("me", me), path("chat", chat), path("essay", essay)]
asgi = get_asgi_application()

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
