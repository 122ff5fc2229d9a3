Story: an account that a stranger keeps guessing at is told to its owner and to who may end the lock

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And a store "S1"
And wang works at store "S1" and may order.view
And wang's password is "Silver-Orchard-9"
When thief signs in as wang of "tea" with password "guess-1"
And thief signs in as wang of "tea" with password "guess-2"
And thief signs in as wang of "tea" with password "guess-3"
And thief signs in as wang of "tea" with password "guess-4"
And thief signs in as wang of "tea" with password "guess-5"
Then the answer is 401 "session.refused"
When wang gets /notices
Then answer.items[0].kind is "account.locked"
And answer.items[0].text_en contains "15 minutes"
When mei gets /notices
Then answer.items[0].kind is "account.locked"
