Story: a new person gets a link, sets her password and works with the rights of her role

Given a tenant "tea" owned by mei
And a store "S1"
And a role "clerk" with order.view
When mei posts /staff
  { "name": "Wang Fang", "login_name": "wang", "phone": "13812345678", "node_id": "$node.S1",
    "role_ids": ["$role.clerk"] }
Then the answer is 201
And answer.staff.phone_masked is 138****5678
And answer.staff.node_name is "Store S1"
And answer.staff.roles[0].name is clerk
And answer.staff.state is active
And the answer never says "13812345678"
And the answer is called "made"
And "staff.created" was recorded once by mei
When mei posts /staff
  { "name": "Wang Li", "login_name": "wang", "node_id": "$node.S1", "role_ids": [] }
Then the answer is 409 "staff.login_name_taken"
And nothing was written and nothing was published
When wang opens the sign-in link $made.sign_in_link_token
Then the answer is 200
And answer.staff.name is "Wang Fang"
And answer.password_set is false
When wang posts /session/password
  { "new_password": "Quiet-Harbour-7" }
Then the answer is 204
When phone signs in as wang of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
And answer.permissions is ["order.view"]
And the files on disk never hold "13812345678"
