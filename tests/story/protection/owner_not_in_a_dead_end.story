Story: the only owner is locked like anybody else, and the operator can let her in again

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When mei asks 20 times for /orders/00000000001{n}
Then "violations.sessions_ended" was recorded once
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
And mei asks 30 times for /orders/00000000002{n}
Then "violations.account_locked" was recorded once
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 401 "session.refused"
When the operator runs: safety locks --tenant tea
Then the answer is 0
And the answer says "mei"
When the operator runs: safety unlock --tenant tea --login nobody --reason mistake
Then the answer is 1
And nothing was written and nothing was published
When the operator runs: safety unlock --tenant tea --login mei --reason 'called back on the known number'
Then the answer is 0
And "lock_out.ended" was recorded once
When mei signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
When the operator runs: safety unlock --tenant tea --login mei --reason again
Then the answer is 1
