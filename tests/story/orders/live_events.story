Story: an open order list hears of new orders at once, of its own store only, and catches up after a pause

Given a tenant "tea" owned by mei
And a store "S1"
And a store "S2"
And a product "milk-tea" of 12.00
And wang works at store "S1" and may order.view, order.place
And li works at store "S1" and may member.view
When wang listens to the live events
Then the answer is 200
And the header "content-type" is "text/event-stream"
When mei takes an order at store "S2": 1 "milk-tea"
Then the answer is 201
When mei takes an order at store "S1": 1 "milk-tea"
Then the answer is 201
And the answer is called "near"
And wang hears "order.placed" of $near.id
And wang hears "order.paid" of $near.id
When mei takes an order at store "S1": 1 "milk-tea"
Then the answer is called "later"
When tablet has a copy of wang's cookie
And tablet listens to the live events after $heard
Then the answer is 200
And tablet hears "order.placed" of $later.id
When nobody listens to the live events
Then the answer is 401 "session.required"
