<#
.SYNOPSIS
Installs the gateway as a Windows service, or upgrades it.

.DESCRIPTION
Run it as an administrator, from the unpacked zip, in Windows PowerShell 5.1 or PowerShell 7. It puts the program into a folder of its own,
and makes the service Gateway under the virtual account NT SERVICE\Gateway, which has no password and no rights but those given here.
Configuration and messages are in %ProgramData%\Gateway, closed to everybody but the administrators, the system and that account. The
firewall is opened for the port of the links if the configuration lets them listen beyond loopback.

Run again it upgrades: it stops the service, replaces the program and starts the service. Configuration and messages stay.

.PARAMETER ProgramFolder
Where the program goes.

.PARAMETER NoStart
Leaves the service stopped.

.EXAMPLE
.\install.ps1 -WhatIf
Shows all that would be done, and does nothing.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $ProgramFolder = (Join-Path $env:ProgramFiles 'Gateway'),
    [switch] $NoStart
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$service = 'Gateway'
$rule = 'Gateway-Links'
$system = '*S-1-5-18'
$administrators = '*S-1-5-32-544'
$users = '*S-1-5-32-545'
$source = Join-Path $PSScriptRoot 'program'
$dataFolder = Join-Path $env:ProgramData 'Gateway'
$configuration = Join-Path $dataFolder 'appsettings.json'
$executable = Join-Path $ProgramFolder 'gateway.exe'
$commandLine = "`"$executable`" run --config `"$configuration`""
$eventLog = 'HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application\Gateway'

# The value of a key as 'gateway config show' lists it; empty if it lists none.
function Get-Setting([object[]] $Settings, [string] $Key) {
    foreach ($one in $Settings) {
        if ($one.key -eq $Key) { return [string] $one.value }
    }
    return ''
}

# The number that Windows gives the account of a service: it exists before the service does, and is the same in every language.
function Get-ServiceSid([string] $Name) {
    $sha = [System.Security.Cryptography.SHA1]::Create()
    $hash = $sha.ComputeHash([System.Text.Encoding]::Unicode.GetBytes($Name.ToUpperInvariant()))
    $parts = 0..4 | ForEach-Object { [System.BitConverter]::ToUInt32($hash, 4 * $_) }
    return 'S-1-5-80-' + ($parts -join '-')
}

# Windows PowerShell 5.1 is on every Windows that runs .NET 10.
function Assert-Version([version] $Version) {
    if ($Version -lt [version] '5.1') {
        throw "PowerShell $Version is too old: run this script in Windows PowerShell 5.1 or PowerShell 7. Nothing was done."
    }
}

# A user without the rights of an administrator has them in no group with a high label.
function Assert-Elevated {
    $groups = (whoami.exe /groups) -join ' '
    if ($groups -notmatch 'S-1-16-(12288|16384)') {
        throw ('This needs the rights of an administrator: start PowerShell with "Run as administrator" and run it again. ' +
            'With -WhatIf it shows to everybody what it would do. Nothing was done.')
    }
}

# A port that somebody else holds would keep the gateway from starting.
function Assert-PortsFree([string[]] $Addresses) {
    $all = [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpListeners()
    $taken = @($all | ForEach-Object { $_.Port })
    foreach ($address in $Addresses) {
        if ($address -notmatch ':(\d+)/?$') { continue }
        $port = [int] $Matches[1]
        if ($taken -notcontains $port) { continue }
        $who = 'another program'
        $holder = Get-NetTCPConnection -State Listen -LocalPort $port -ErrorAction SilentlyContinue | Select-Object -First 1
        if ($holder) { $who = "process $($holder.OwningProcess) ($((Get-Process -Id $holder.OwningProcess).ProcessName))" }
        throw ("Port $port of $address is taken by $who. End that program, or give the gateway another port in $configuration; " +
            'then run this again. Nothing was done.')
    }
}

function Test-BeyondLoopback([string] $Address) {
    return $Address -ne '' -and $Address -notmatch '^tcp://(127\.|localhost[:/]|\[::1\])'
}

# What a program says, with its errors, which Windows PowerShell would otherwise take for errors of this script.
function Get-Said([string] $Program, [string[]] $Arguments) {
    $ErrorActionPreference = 'Continue'
    return (& $Program @Arguments 2>&1 | ForEach-Object { "$_" }) -join "`n"
}

# Runs a program of Windows; what it says is shown only if it fails.
function Invoke-Tool([string] $Tool, [string[]] $Arguments) {
    $said = Get-Said $Tool $Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Tool $($Arguments -join ' ') failed ($LASTEXITCODE): $said" }
}

# The folder belongs to the administrators, whoever made it; what is in it has the rights of the folder alone.
function Close-Folder([string] $Folder, [string] $Right) {
    Invoke-Tool 'icacls.exe' @($Folder, '/setowner', $administrators, '/T', '/C', '/Q')
    # Rights that somebody gave who made the folder before the gateway was here.
    if (-not $present) { Invoke-Tool 'icacls.exe' @($Folder, '/reset', '/Q') }
    Invoke-Tool 'icacls.exe' @($Folder, '/inheritance:r', '/grant:r', "$($system):(OI)(CI)F", "$($administrators):(OI)(CI)F",
        "*$(Get-ServiceSid $service):(OI)(CI)$Right", '/Q')
    if (Get-ChildItem -LiteralPath $Folder -Force | Select-Object -First 1) {
        Invoke-Tool 'icacls.exe' @((Join-Path $Folder '*'), '/reset', '/T', '/C', '/Q')
    }
}

Assert-Version $PSVersionTable.PSVersion
if ($env:OS -ne 'Windows_NT') { throw 'This installs a Windows service; docs/install.md tells how to install on Linux. Nothing was done.' }
if (-not (Test-Path -LiteralPath (Join-Path $source 'gateway.exe'))) {
    throw "There is no gateway.exe in ${source}: unpack the whole zip, and run install.ps1 where it lies. Nothing was done."
}
if (-not $WhatIfPreference) { Assert-Elevated }

$present = Get-CimInstance -ClassName Win32_Service -Filter "Name='$service'"
if ($present -and $present.PathName -ne $commandLine) {
    throw ("There is a service $service that runs $($present.PathName), which this script did not make. If it is this gateway in " +
        "another folder, give -ProgramFolder. Otherwise move its configuration to $configuration, delete it with " +
        "'sc.exe delete $service' and run this again. Nothing was done.")
}

# The new program judges the configuration before anything is touched.
$given = @()
if (Test-Path -LiteralPath $configuration) { $given = @('--config', $configuration) }
$judgement = Get-Said (Join-Path $source 'gateway.exe') (@('config', 'check') + $given)
if ($LASTEXITCODE -ne 0) {
    throw "This version cannot use the configuration $configuration`: $judgement`nCorrect it and run this again. Nothing was done."
}
$settings = Get-Said (Join-Path $source 'gateway.exe') (@('config', 'show', '--output', 'json') + $given) | ConvertFrom-Json
$links = Get-Setting $settings 'Gateway:Links:Address'
$store = Get-Setting $settings 'Gateway:Store:Path'
if ($store -eq '') { $store = Join-Path $dataFolder 'store' }
$isRunning = $present -and $present.State -ne 'Stopped'
if (-not $isRunning) {
    Assert-PortsFree @($links, (Get-Setting $settings 'Gateway:Intake:Address'), (Get-Setting $settings 'Gateway:Http:Address'))
}

if ($isRunning -and $PSCmdlet.ShouldProcess($service, 'Stop the service')) {
    Stop-Service -Name $service
    # It has stopped when it says so; its files are free when its process has ended.
    Wait-Process -Id $present.ProcessId -Timeout 60 -ErrorAction SilentlyContinue
}

if ($PSCmdlet.ShouldProcess($ProgramFolder, 'Replace the program')) {
    # A failed copy leaves the old program as it was, under its name or the other.
    $new = "$ProgramFolder.new"
    $old = "$ProgramFolder.old"
    if (Test-Path -LiteralPath $new) { Remove-Item -LiteralPath $new -Recurse -Force }
    Copy-Item -LiteralPath $source -Destination $new -Recurse
    if (Test-Path -LiteralPath $old) { Remove-Item -LiteralPath $old -Recurse -Force }
    if (Test-Path -LiteralPath $ProgramFolder) { Move-Item -LiteralPath $ProgramFolder -Destination $old }
    Move-Item -LiteralPath $new -Destination $ProgramFolder
    if (Test-Path -LiteralPath $old) { Remove-Item -LiteralPath $old -Recurse -Force }
    # Outside of Program Files everybody could put a file there.
    Invoke-Tool 'icacls.exe' @($ProgramFolder, '/inheritance:r', '/grant:r', "$($system):(OI)(CI)F", "$($administrators):(OI)(CI)F",
        "$($users):(OI)(CI)RX", '/Q')
}

if (-not $present -and $PSCmdlet.ShouldProcess($service, "Create the service that runs $commandLine")) {
    $null = New-Service -Name $service -BinaryPathName $commandLine -DisplayName 'Gateway' -StartupType Automatic `
        -Description 'Store-and-forward message gateway'
}
if ($PSCmdlet.ShouldProcess($service, "Run it as NT SERVICE\$service")) {
    Invoke-Tool 'sc.exe' @('config', $service, 'obj=', "NT SERVICE\$service")
}
if ($PSCmdlet.ShouldProcess($service, 'Restart it whenever it fails')) {
    Invoke-Tool 'sc.exe' @('failure', $service, 'reset=', '86400', 'actions=', 'restart/2000/restart/5000/restart/30000')
    Invoke-Tool 'sc.exe' @('failureflag', $service, '1')
}

if (-not (Test-Path -LiteralPath $eventLog) -and $PSCmdlet.ShouldProcess($eventLog, 'Register the source of its events')) {
    $null = New-Item -Path $eventLog -Force
}
if ($PSCmdlet.ShouldProcess($eventLog, 'Name the file with the texts of its events')) {
    Set-ItemProperty -LiteralPath $eventLog -Name EventMessageFile -Type ExpandString `
        -Value (Join-Path $ProgramFolder 'System.Diagnostics.EventLog.Messages.dll')
    Set-ItemProperty -LiteralPath $eventLog -Name TypesSupported -Type DWord -Value 7
}

# A folder that somebody made elsewhere may hold more than a store.
$isForeignStore = (Test-Path -LiteralPath $store) -and -not $store.StartsWith($dataFolder, [System.StringComparison]::OrdinalIgnoreCase)
foreach ($folder in $dataFolder, $store) {
    if (-not (Test-Path -LiteralPath $folder) -and $PSCmdlet.ShouldProcess($folder, 'Create the folder')) {
        $null = New-Item -ItemType Directory -Path $folder -Force
    }
}
if (-not (Test-Path -LiteralPath $configuration) -and $PSCmdlet.ShouldProcess($configuration, 'Write an empty configuration')) {
    $lines = '// The configuration of this host. What it does not set has the value of appsettings.json beside the program.',
        '{ "Gateway": { } }'
    Set-Content -LiteralPath $configuration -Value $lines -Encoding Ascii
}
if ($PSCmdlet.ShouldProcess($dataFolder, "Close it to all but the administrators, the system and NT SERVICE\$service, which reads")) {
    Close-Folder $dataFolder 'RX'
}
if ($isForeignStore) {
    Write-Warning "The rights to $store are left as they are; NT SERVICE\$service must be able to write there."
} elseif ($PSCmdlet.ShouldProcess($store, "Close it likewise; NT SERVICE\$service writes")) {
    Close-Folder $store 'F'
}

$isOpen = [bool] (Get-NetFirewallRule -Name $rule -ErrorAction SilentlyContinue)
if ($isOpen -and $PSCmdlet.ShouldProcess($rule, 'Remove the former rule of the firewall')) {
    Remove-NetFirewallRule -Name $rule
}
if (Test-BeyondLoopback $links) {
    $port = $links -replace '^.*:(\d+)/?$', '$1'
    if ($PSCmdlet.ShouldProcess($rule, "Open the firewall for TCP port $port of $links, in domain and private networks")) {
        $null = New-NetFirewallRule -Name $rule -DisplayName 'Gateway: links of other gateways' -Direction Inbound -Action Allow `
            -Protocol TCP -LocalPort $port -Program $executable -Profile Domain, Private
    }
}

if (-not $NoStart -and $PSCmdlet.ShouldProcess($service, 'Start the service')) { Start-Service -Name $service }
if (-not $WhatIfPreference) {
    Write-Output "The gateway is installed in $ProgramFolder, with its messages in $store."
    Write-Output "Its configuration is $configuration; after a change of Links:Address run install.ps1 again, for the firewall."
}
