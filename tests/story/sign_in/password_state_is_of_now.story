Story: that the password has expired is said at once, also to who asked a moment ago

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
When 89 days pass
And 13 hours pass
And phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 200
When phone keeps busy for 10 hours
And 20 minutes pass
And phone gets /session
And 20 minutes pass
And phone gets /session
And 19 minutes pass
Then the answer is 200
When phone gets /session
And 58 seconds pass
And phone gets /session
Then the answer is 200
And answer.password.state is expiring
When 3 seconds pass
And phone gets /session
Then the answer is 200
And answer.password.state is expired
