Story: what one may do is said for a place, so that no page offers what is refused there

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a role "clerk" with store.view
And a role "manager" with store.view, store.edit
And wang works at store "S1" as "manager"
When wang gets /session/rights/$node.S1
Then the answer is 200
And answer.may contains store.edit
And answer.may does not contain staff.edit
When wang gets /session/rights/$node.S2
Then the answer is 200
And answer.may has no entries
When mei gets /session/rights/$node.S2
Then answer.may contains store.edit
And answer.may contains safety.unlock
When wang gets /session/rights/0000000000001
Then the answer is 404
