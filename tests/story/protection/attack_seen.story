Story: names tried one after another from one address are an attack, told once

Given a tenant "tea" owned by mei
When stranger tries 24 names of "tea" from address 203.0.113.9
Then the answer is 401 "session.refused"
And "sign_in.attack_found" was recorded never
When stranger tries 4 names of "tea" from address 203.0.113.9
Then "sign_in.attack_found" was recorded once
When mei gets /sign-in-attacks
Then the answer is 200
And answer.items has 1 entry
And answer.items[0].attack is stuffing
And answer.items[0].address is 203.0.113.9
And answer.items[0].in_progress is true
When mei gets /sign-ins?result=refused
Then answer.total is 28
And answer.items[0].reason is unknown_account
And answer.items[0].staff.login_name is ""
And the files on disk never hold "name-that-was-tried"
When 2 hours pass
And the operator runs: safety attacks --tenant tea
Then the answer is 0
And the answer says "stuffing"
And the answer never says "IN PROGRESS"
