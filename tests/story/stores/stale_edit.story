Story: two people edit a store; the second sees that it changed meanwhile

Given a tenant "tea" owned by mei
And a store "S1"
When mei patches /stores/$store.S1
  { "name": "Harbour", "version": 1 }
Then the answer is 200
And answer.name is Harbour
And answer.version is 2
And "store.edited" was recorded once by mei
When mei patches /stores/$store.S1
  { "address": "Pier 3", "version": 1 }
Then the answer is 409 "store.stale"
And nothing was written and nothing was published
