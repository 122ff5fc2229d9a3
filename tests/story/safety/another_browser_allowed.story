Story: where the setting says so, a session may wander to another browser

Given a tenant "tea" owned by mei
And the setting "identity.session_keeps_browser" is "false"
When mei gets /session with header "user-agent" "Another/1"
Then the answer is 200
