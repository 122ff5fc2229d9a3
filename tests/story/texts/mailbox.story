Story: in development texts are read in the mailbox, by who may, and stand nowhere in clear

Given a tenant "tea" owned by mei
And a store "S1"
And wang works at store "S1" and may text.view
When the house texts 13812345678 the code "907315"
And mei gets /mailbox
Then the answer is 200
And answer.items has 1 entry
And answer.items[0].content is "907315"
And answer.items[0].phone is "138****5678"
When wang gets /mailbox
Then the answer is 403 "permission.denied"
When wang gets /texts
Then answer.items[0].state is "sent"
And answer.items[0].phone is "138****5678"
And the answer never says "907315"
And the files on disk never hold "907315"
And the files on disk never hold "13812345678"
