Story: a key that the operator made for the merchant is seen by its owner, who can revoke it

Given a tenant "tea" owned by mei
When the operator runs: key create --tenant tea --name till --permissions product.view --json
Then the answer says "hgk_"
When mei gets /app-keys
Then answer.total is 1
And answer.items[0].name is till
When mei deletes /app-keys/$answer.items[0].id
Then the answer is 204
When mei gets /app-keys
Then answer.items[0].state is revoked
