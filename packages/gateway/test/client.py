"""The official client of Python against a gateway: what it makes, edits, streams and repeats by itself."""

import base64
import json
import sys

import openai

base_url, repeated = sys.argv[1], sys.argv[2]
client = openai.OpenAI(base_url=base_url, api_key="any")

made = client.images.generate(model="banana", prompt="a lighthouse", extra_body={"imageport": {"resolution": "2K"}})
picture = base64.b64decode(made.data[0].b64_json)
edited = client.images.edit(model="banana", prompt="the same in winter", image=picture, extra_body={"imageport": {"resolution": "2K"}})
several = client.images.edit(model="banana", prompt="both in one", image=[picture, picture], n=2)
events = [event.type for event in client.images.generate(model="banana", prompt="a fox", stream=True)]
try:
    client.images.generate(model="banana", prompt="a fox", style="vivid")
    refused = None
except openai.BadRequestError as error:
    refused = error.param

# Each attempt is given up after a second, and the picture takes longer than one.
patient = openai.OpenAI(base_url=repeated, api_key="any", timeout=1.0, max_retries=6)
late = patient.images.generate(model="hero", prompt="a lighthouse")

print(json.dumps({
    "sizes": [len(made.data), len(edited.data), len(several.data), len(late.data)],
    "events": events,
    "refused": refused,
}))
