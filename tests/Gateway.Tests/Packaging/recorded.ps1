# Runs a script that installs the gateway on Windows, where there is no Windows: commands that only Windows has are replaced by functions
# of the same names, which write into a file how they were called. All else is real: files, the new program's judgement, ports.
#   pwsh recorded.ps1 CALLS SERVICE ELEVATED SCRIPT [SWITCH...]
# SERVICE is a file with the command line of the service; it is there as long as there is one.
$calls, $serviceFile, $elevated, $script, $rest = $args
$switches = @{}
foreach ($one in $rest) { $switches[$one] = $true }
$env:OS = 'Windows_NT'

function Record {
    $words = foreach ($word in $args) { if ($word -is [array]) { $word -join ',' } else { "$word" } }
    # Also what a script asks for that was told to do nothing.
    Add-Content -LiteralPath $calls -Value ($words -join ' ') -WhatIf:$false
    $global:LASTEXITCODE = 0
}

function whoami.exe { if ($elevated -eq 'elevated') { 'High Mandatory Level  S-1-16-12288' } else { 'Medium Mandatory Level  S-1-16-8192' } }
function icacls.exe { Record icacls @args }
function sc.exe { Record sc @args; if ($args[0] -eq 'delete') { Microsoft.PowerShell.Management\Remove-Item $serviceFile } }
function Get-CimInstance {
    if (-not (Test-Path $serviceFile)) { return }
    [pscustomobject] @{ PathName = (Get-Content $serviceFile); State = 'Running'; ProcessId = [int]::MaxValue }
}
function New-Service([string] $Name, [string] $BinaryPathName, [string] $DisplayName, [string] $StartupType, [string] $Description) {
    Record New-Service $Name $BinaryPathName $StartupType
    Set-Content $serviceFile $BinaryPathName
}
function Stop-Service([string] $Name) { Record Stop-Service $Name }
function Start-Service([string] $Name) { Record Start-Service $Name }
function Get-NetTCPConnection { }
function Get-NetFirewallRule { if (Test-Path "$serviceFile.rule") { 'rule' } }
function Remove-NetFirewallRule([string] $Name) {
    Record Remove-NetFirewallRule $Name
    Microsoft.PowerShell.Management\Remove-Item "$serviceFile.rule"
}
function New-NetFirewallRule($Name, $DisplayName, $Direction, $Action, $Protocol, $LocalPort, $Program, $Profile) {
    Record New-NetFirewallRule $Name $Direction $Action $Protocol $LocalPort $Program $Profile
    Set-Content "$serviceFile.rule" ''
}
function New-Item {
    if ("$args" -like '*HKLM:*') { Record New-Item @args } else { Microsoft.PowerShell.Management\New-Item @args }
}
function Set-ItemProperty { Record Set-ItemProperty @args }

try {
    & $script @switches
} catch {
    [Console]::Error.WriteLine($_.Exception.Message)
    exit 1
}
