Story: one sees and ends one's own sessions, at once, and nobody else's

Given a tenant "tea" owned by mei
And a store "S1"
And mei's password is "Quiet-Harbour-7"
And wang works at store "S1" and may order.view
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
And mei gets /session/safety
Then the answer is 200
And answer.sessions has 2 entries
And answer.sessions[0].method is password
And answer.sign_ins[0].result is opened
And the answer is called "safety"
When wang deletes /sessions/$safety.sessions[0].id
Then the answer is 404 "session.not_found"
And nothing was written and nothing was published
When phone gets /session
Then the answer is 200
# Who finds her screen open cannot send her away from her own browsers.
When 6 minutes pass
And mei deletes /sessions/$safety.sessions[0].id
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When mei deletes /sessions
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When mei posts /session/step-up
  { "password": "Quiet-Harbour-7" }
Then the answer is 204
When mei deletes /sessions/$safety.sessions[0].id
Then the answer is 204
And "session.ended" was recorded once by mei
When phone gets /session
Then the answer is 401 "session.required"
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
And mei deletes /sessions
Then the answer is 204
When phone gets /session
Then the answer is 401 "session.required"
When mei gets /session
Then the answer is 200
When mei deletes /session/devices/$safety.devices[0].id
Then the answer is 204
When mei deletes /session/devices/$safety.devices[0].id
Then the answer is 404 "device.not_found"
