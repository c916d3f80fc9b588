"""Run: flask --app flask_app run"""

import os

from flask import Flask, g
from provost import Guard, Provost, SpoolOptions, protect_flask

provost = Provost(
    url=os.environ["PROVOST_URL"],
    service_key=os.environ["PROVOST_SERVICE_KEY"],
    spool=SpoolOptions(folder=os.environ["SPOOL_FOLDER"]),
)

GUARDS = {
    "/health": None,
    "/chat": Guard(scopes=["messages:write"], consume={"conversations": 1}),
    "/essay": Guard(reserve={"conversations": 0, "credits": 50}),
}

app = Flask(__name__)
protect_flask(app, provost, guard=lambda method, path: GUARDS.get(path, Guard()))


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/me")
def me():
    return {"subject": g.provost.subject, "plan": g.provost.plan, "scopes": g.provost.scopes, "stale": g.provost.stale}


@app.post("/chat")
def chat():
    messages = [{"role": "user", "content": "Why is the sky blue?"}, {"role": "assistant", "content": "Air scatters short waves."}]
    log_id = g.provost.log(model="llama-3-8b", messages=messages)
    return {"log": log_id, "remaining": g.provost.standing.limits[0]["remaining"]}


@app.post("/essay")
def essay():
    g.provost.spend(20)
    return {"words": 500}
