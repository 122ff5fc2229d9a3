Story: one sees what is usual, and may let it be forgotten after proving who one is

Given a tenant "tea" owned by mei
And a store "S1"
And mei's password is "Quiet-Harbour-7"
And wang works at store "S1" and may order.view
When mei gets /session/habits
Then the answer is 200
And answer.items has 2 entries
And answer.items[0].usual is false
And the answer is called "mine"
When 6 minutes pass
And mei deletes /session/habits/$mine.items[0].id
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
When wang deletes /session/habits/$mine.items[0].id
Then the answer is 403 "session.step_up_required"
When mei posts /session/step-up
  { "password": "Quiet-Harbour-7" }
Then the answer is 204
When mei deletes /session/habits/$mine.items[0].id
Then the answer is 204
And "habit.forgotten" was recorded once by mei
When mei deletes /session/habits/$mine.items[0].id
Then the answer is 404 "habit.not_found"
And nothing was written and nothing was published
When mei deletes /session/habits
Then the answer is 204
And "habit.all_forgotten" was recorded once by mei
When mei gets /session/habits
Then answer.items has no entries
And the files on disk never hold "10.7.0.0/24 is her network"
