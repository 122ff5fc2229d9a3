Story: who knows tenant, account and password is let in, and the browser keeps the cookie to itself

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
And answer.staff.login_name is mei
And answer.tenant.code is tea
And answer.permissions contains order.place
And answer.password_set is true
And the header "set-cookie" contains "HttpOnly"
And the header "set-cookie" contains "Secure"
And the header "set-cookie" contains "SameSite=Strict"
And the header "set-cookie" contains "__Host-"
And "session.opened" was recorded once
When phone gets /session
Then the answer is 200
And answer.staff.name is mei
And nothing was written
