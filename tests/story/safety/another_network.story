Story: from another network sensitive acts ask again who it is

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When mei signs in as mei of "tea" with password "Quiet-Harbour-7" from address 192.0.2.10
And mei posts /roles from address 192.0.2.77
  { "name": "clerk", "permissions": ["order.view"] }
Then the answer is 201
# The same browser, a minute later, over the mobile network.
When 1 minute passes
And mei gets /roles from address 203.0.113.9
Then the answer is 200
When mei posts /roles from address 203.0.113.9
  { "name": "barista", "permissions": ["order.view"] }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When mei posts /session/step-up from address 203.0.113.9
  { "password": "Quiet-Harbour-7" }
Then the answer is 204
When mei posts /roles from address 203.0.113.9
  { "name": "barista", "permissions": ["order.view"] }
Then the answer is 201
# The proof was given there, and does not count here any more.
When mei posts /roles from address 192.0.2.10
  { "name": "chef", "permissions": ["order.view"] }
Then the answer is 403 "session.step_up_required"
