# Sends a message over HTTP, receives it and gives it back; after Enter (restart the gateway meanwhile) repeats that, and completes it:
#   roundtrip.ps1 [http://127.0.0.1:7425]
# Runs in Windows PowerShell 5.1 and in PowerShell 7.
param([string]$Gateway = 'http://127.0.0.1:7425')
$ErrorActionPreference = 'Stop'
$api = "$Gateway/api/v1"
$key = [guid]::NewGuid().ToString()

# A gateway that is being restarted, is busy or is full takes it soon; what it refuses for good is thrown.
function Send-Request([string]$Path, [string]$Body = '', [hashtable]$Headers = @{}) {
    for ($i = 0; ; $i++) {
        try {
            return Invoke-RestMethod -Method Post -Uri "$api$Path" -Body $Body -Headers $Headers -ContentType 'application/octet-stream'
        } catch {
            $status = [int]$_.Exception.Response.StatusCode
            if (($status -in 400..499 -and $status -notin 408, 429) -or $i -ge 30) { throw }
            Start-Sleep -Seconds 1
        }
    }
}

function Send-Message { Send-Request '/queues/greetings@local/messages' 'hello' @{ 'Idempotency-Key' = $key } | Out-Null }

function Receive-Message {
    $messages = @((Send-Request '/inbound/greetings/receive?max=1&wait=30').messages)
    if ($messages.Count -eq 0) { throw 'nothing came' }
    $messages[0]
}

Send-Message
$message = Receive-Message
Write-Output "received $($message.text), delivery $($message.deliveries)"
Send-Request "/deliveries/$($message.token)/abandon" | Out-Null
Write-Output 'Restart the gateway if you like, then press Enter.'
[Console]::In.ReadLine() | Out-Null
Send-Message
$message = Receive-Message
Write-Output "received $($message.text), delivery $($message.deliveries)"
Send-Request "/deliveries/$($message.token)/complete" | Out-Null
Write-Output 'completed'
