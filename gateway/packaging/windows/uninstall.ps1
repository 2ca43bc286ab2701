<#
.SYNOPSIS
Removes the gateway from this host. Its messages and its configuration stay, unless -PurgeStore is given.

.PARAMETER ProgramFolder
Where the program was put.

.PARAMETER PurgeStore
Removes %ProgramData%\Gateway too, with all messages that wait there and exist nowhere else.

.EXAMPLE
.\uninstall.ps1 -WhatIf
Shows all that would be done, and does nothing.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $ProgramFolder = (Join-Path $env:ProgramFiles 'Gateway'),
    [switch] $PurgeStore
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$service = 'Gateway'
$rule = 'Gateway-Links'
$dataFolder = Join-Path $env:ProgramData 'Gateway'
$eventLog = 'HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application\Gateway'

if ($env:OS -ne 'Windows_NT') { throw 'This removes a Windows service; docs/install.md tells how to remove a package. Nothing was done.' }
if (-not $WhatIfPreference -and ((whoami.exe /groups) -join ' ') -notmatch 'S-1-16-(12288|16384)') {
    throw 'This needs the rights of an administrator: start PowerShell with "Run as administrator" and run it again. Nothing was done.'
}

$present = Get-CimInstance -ClassName Win32_Service -Filter "Name='$service'"
if ($present -and $present.State -ne 'Stopped' -and $PSCmdlet.ShouldProcess($service, 'Stop the service')) {
    Stop-Service -Name $service
    # It has stopped when it says so; its files are free when its process has ended.
    Wait-Process -Id $present.ProcessId -Timeout 60 -ErrorAction SilentlyContinue
}
# Remove-Service is not in Windows PowerShell.
if ($present -and $PSCmdlet.ShouldProcess($service, 'Delete the service')) {
    $said = sc.exe delete $service 2>&1
    if ($LASTEXITCODE -ne 0) { throw "The service could not be deleted ($LASTEXITCODE): $($said -join ' ')" }
}
$isOpen = [bool] (Get-NetFirewallRule -Name $rule -ErrorAction SilentlyContinue)
if ($isOpen -and $PSCmdlet.ShouldProcess($rule, 'Remove the rule of the firewall')) {
    Remove-NetFirewallRule -Name $rule
}
foreach ($gone in $eventLog, $ProgramFolder) {
    if ((Test-Path -LiteralPath $gone) -and $PSCmdlet.ShouldProcess($gone, 'Remove')) { Remove-Item -LiteralPath $gone -Recurse -Force }
}

if (-not (Test-Path -LiteralPath $dataFolder)) { return }
if (-not $PurgeStore) {
    Write-Output "The messages and the configuration in $dataFolder are kept. To remove them too: .\uninstall.ps1 -PurgeStore"
} elseif ($PSCmdlet.ShouldProcess($dataFolder, 'Remove the messages and the configuration')) {
    Remove-Item -LiteralPath $dataFolder -Recurse -Force
}
