"""Run: uvicorn fastapi_app:app"""

import os

from fastapi import FastAPI, Request
from provost import AsgiMiddleware, Guard, Provost, SpoolOptions

provost = Provost(
    url=os.environ["PROVOST_URL"],
    service_key=os.environ["PROVOST_SERVICE_KEY"],
    spool=SpoolOptions(folder=os.environ["SPOOL_FOLDER"]),
    outage_seconds=float(os.environ.get("OUTAGE_SECONDS", "0")),
)

GUARDS = {
    "/health": None,
    "/chat": Guard(scopes=["messages:write"], consume={"conversations": 1}),
    "/essay": Guard(reserve={"conversations": 0, "credits": 50}),
}

app = FastAPI()
app.add_middleware(AsgiMiddleware, provost=provost, guard=lambda method, path: GUARDS.get(path, Guard()))


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.get("/me")
async def me(request: Request):
    caller = request.state.provost
    return {"subject": caller.subject, "plan": caller.plan, "scopes": caller.scopes, "stale": caller.stale}


@app.post("/chat")
async def chat(request: Request):
    caller = request.state.provost
    messages = [{"role": "user", "content": "Why is the sky blue?"}, {"role": "assistant", "content": "Air scatters short waves."}]
    log_id = await caller.log_async(model="llama-3-8b", messages=messages)
    return {"log": log_id, "remaining": caller.standing.limits[0]["remaining"]}


@app.post("/notes")
async def notes(request: Request):
    return {"log": await request.state.provost.log_async(model="notes", messages=[{"role": "user", "content": "a note"}])}


@app.post("/essay")
async def essay(request: Request):
    request.state.provost.spend(20)
    return {"words": 500}
