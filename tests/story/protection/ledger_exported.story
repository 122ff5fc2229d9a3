Story: the ledger leaves only with the right to export it, and that is recorded

Given a tenant "tea" owned by mei
And wang works at headquarters and may safety.ledger
And li works at headquarters and may safety.ledger, safety.export
When wang gets /sign-ins?q=wang
Then the answer is 200
And answer.total is 1
And answer.items[0].method is link
And answer.items[0].result is opened
When wang posts /sign-in-exports
  { "result": "opened" }
Then the answer is 403 "permission.denied"
And nothing was written and nothing was published
When li posts /sign-in-exports
  { "result": "opened" }
Then the answer is 200
And answer.count is 3
And answer.content contains "login_name"
And "sign_in.exported" was recorded once by li
When li gets /sign-ins?cursor=zz
Then the answer is 422 "input.invalid"
