using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>The scripts of the zip for Windows, run by a real PowerShell without a Windows: see <see cref="WindowsMachine"/>.</summary>
[Kind(Kind.Process)]
[Needs("powershell")]
public sealed class InstallScriptTests : ProcessTest
{
    private const string Install = "install.ps1";
    private const string Uninstall = "uninstall.ps1";
    private const string Rights = "(OI)(CI)F *S-1-5-32-544:(OI)(CI)F";

    /// <summary>That of NT SERVICE\Gateway.</summary>
    private const string Account = "*S-1-5-80-1378028032-1306578905-3512175846-2410925797-1445481666";

    private const string Events = @"HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application\Gateway";

    /// <summary>What a former version had and the new one has not.</summary>
    private const string Stray = "former.dll";

    private static readonly string[] _closing =
    [
        "icacls DATA /setowner *S-1-5-32-544 /T /C /Q", "icacls DATA /reset /Q",
        $"icacls DATA /inheritance:r /grant:r *S-1-5-18:{Rights} {Account}:(OI)(CI)RX /Q", "icacls DATA/* /reset /T /C /Q",
        "icacls DATA/store /setowner *S-1-5-32-544 /T /C /Q", "icacls DATA/store /reset /Q",
        $"icacls DATA/store /inheritance:r /grant:r *S-1-5-18:{Rights} {Account}:(OI)(CI)F /Q",
    ];

    private static readonly string[] _ofTheService =
    [
        @"sc config Gateway obj= NT SERVICE\Gateway",
        "sc failure Gateway reset= 86400 actions= restart/2000/restart/5000/restart/30000", "sc failureflag Gateway 1",
        $"New-Item -Path {Events} -Force",
        $"Set-ItemProperty -LiteralPath {Events} -Name EventMessageFile -Type ExpandString "
            + "-Value PROGRAM/System.Diagnostics.EventLog.Messages.dll",
        $"Set-ItemProperty -LiteralPath {Events} -Name TypesSupported -Type DWord -Value 7",
    ];

    private static readonly string _ofTheProgram =
        $"icacls PROGRAM /inheritance:r /grant:r *S-1-5-18:{Rights} *S-1-5-32-545:(OI)(CI)RX /Q";

    [Fact]
    public async Task Install_MakesTheService_AndRunAgainUpgradesIt_AndUninstallKeepsTheMessages()
    {
        var machine = await UnpackAsync();

        (await machine.RunAsync(Install)).Exit.ShouldBe(0);

        machine.Calls.ShouldBe(
        [
            _ofTheProgram, "New-Service Gateway \"PROGRAM/gateway.exe\" run --config \"DATA/appsettings.json\" Automatic", .. _ofTheService,
            .. _closing, "Start-Service Gateway",
        ]);
        File.Exists(Path.Combine(machine.ProgramFolder, "System.Diagnostics.EventLog.Messages.dll")).ShouldBeTrue();

        const string Edited = """{ "Gateway": { "Links": { "Address": "tcp://*:7421", "AllowPlainText": true } } } // edited""";
        await File.WriteAllTextAsync(machine.Configuration, Edited, Token);
        await File.WriteAllTextAsync(Path.Combine(machine.ProgramFolder, Stray), "", Token);
        (await machine.RunAsync(Install)).Exit.ShouldBe(0);

        machine.Calls.ShouldBe(
        [
            "Stop-Service Gateway", _ofTheProgram, .. _ofTheService,
            .. _closing.Where(call => !call.EndsWith("/reset /Q", StringComparison.Ordinal)),
            "New-NetFirewallRule Gateway-Links Inbound Allow TCP 7421 PROGRAM/gateway.exe Domain,Private", "Start-Service Gateway",
        ]);
        (await File.ReadAllTextAsync(machine.Configuration, Token)).ShouldBe(Edited);
        File.Exists(Path.Combine(machine.ProgramFolder, Stray)).ShouldBeFalse();

        var kept = await machine.RunAsync(Uninstall);
        machine.Calls.ShouldBe(["Stop-Service Gateway", "sc delete Gateway", "Remove-NetFirewallRule Gateway-Links"]);
        kept.Output.ShouldContain("The messages and the configuration in DATA are kept.");
        (Directory.Exists(machine.ProgramFolder), File.Exists(machine.Configuration)).ShouldBe((false, true));
        (await machine.RunAsync(Uninstall, "PurgeStore")).Exit.ShouldBe(0);
        Directory.Exists(machine.DataFolder).ShouldBeFalse();
    }

    [Fact]
    public async Task WhatIf_ShowsEveryStep_AndDoesNothing_WhoeverAsks()
    {
        var machine = await UnpackAsync();

        var shown = await machine.RunAsUserAsync(Install, "WhatIf");

        (shown.Exit, shown.Errors).ShouldBe((0, ""));
        foreach (var step in new[]
        {
            "Replace the program", "Create the service", @"Run it as NT SERVICE\Gateway", "Restart it whenever it fails",
            "Register the source of its events", "Write an empty configuration", "Close it to all but", "Start the service",
        }) shown.Output.ShouldContain($"\"{step}");
        machine.Calls.ShouldBeEmpty();
        (Directory.Exists(machine.ProgramFolder), Directory.Exists(machine.DataFolder)).ShouldBe((false, false));
    }

    [Fact]
    public async Task Install_ThatCannotSucceed_SaysWhyAndWhatToDo_AndDoesNothing()
    {
        var machine = await UnpackAsync();
        await RefusedAsync("start PowerShell with \"Run as administrator\"", machine.RunAsUserAsync(Install));

        Directory.CreateDirectory(machine.DataFolder);
        await File.WriteAllTextAsync(machine.Configuration, """{ "Gateway": { "Nam": "shop" } }""", Token);
        await RefusedAsync("cannot use the configuration DATA/appsettings.json: ", machine.RunAsync(Install));

        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = $"tcp://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        await File.WriteAllTextAsync(
            machine.Configuration, $$"""{ "Gateway": { "Intake": { "Address": "{{taken}}" } } }""", Token);
        await RefusedAsync($"of {taken} is taken by another program. End that program", machine.RunAsync(Install));

        await File.WriteAllTextAsync(machine.ServicePath, @"C:\gateway\gateway.exe run", Token);
        await RefusedAsync(@"a service Gateway that runs C:\gateway\gateway.exe run", machine.RunAsync(Install));

        File.Delete(machine.NewProgram);
        await RefusedAsync("unpack the whole zip", machine.RunAsync(Install));
        Directory.Exists(machine.ProgramFolder).ShouldBeFalse();

        async Task RefusedAsync(string why, Task<(int Exit, string Output, string Errors)> run)
        {
            var refused = await run;
            refused.Errors.ShouldContain(why);
            refused.Errors.ShouldEndWith("Nothing was done.");
            refused.Exit.ShouldBe(1);
            machine.Calls.ShouldBeEmpty();
        }
    }

    /// <summary>The parser of PowerShell 7 reads more than that of 5.1: what 5.1 does not know is looked for by name.</summary>
    [Fact]
    public async Task Scripts_AreUnderstoodByWindowsPowerShell_AndKnowTheNumberOfTheAccount()
    {
        var machine = await UnpackAsync();
        const string Look = """
            $ErrorActionPreference = 'Stop'
            foreach ($name in 'install.ps1', 'uninstall.ps1') {
                $path = Join-Path $args[0] $name
                if ([IO.File]::ReadAllBytes($path) -gt 127) { "$name is not ASCII, which 5.1 reads in the code page of the host" }
                $tokens = $errors = $null
                $tree = [Management.Automation.Language.Parser]::ParseFile($path, [ref] $tokens, [ref] $errors)
                foreach ($one in $errors) { "$name does not parse: $one" }
                foreach ($token in $tokens) {
                    if ("$($token.Kind)" -notin 'QuestionMark', 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot',
                        'QuestionLBracket', 'AndAnd', 'OrOr', 'Clean') { continue }
                    "${name}: 5.1 does not know $($token.Text) of line $($token.Extent.StartLineNumber)"
                }
                $functions = $tree.FindAll({ $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] }, $true)
                foreach ($function in $functions) { . ([scriptblock]::Create($function.Extent.Text)) }
            }
            Get-ServiceSid 'TrustedInstaller'
            try { Assert-Version '5.0' } catch { $_.Exception.Message }
            Assert-Version '5.1'
            '', 'tcp://127.0.0.1:1', 'tcp://localhost:1', 'tcp://[::1]:1' | Where-Object { Test-BeyondLoopback $_ }
            'tcp://*:1', 'tcp://0.0.0.0:1', 'tcp://[::]:1', 'tcp://10.0.0.7:1' | Where-Object { -not (Test-BeyondLoopback $_) }
            """;
        var path = Path.Combine(Folder, "look.ps1");
        await File.WriteAllTextAsync(path, Look, Token);

        var looked = await machine.CommandAsync(path, machine.Zip);

        looked.Output.Split('\n').ShouldBe(
        [
            "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
            "PowerShell 5.0 is too old: run this script in Windows PowerShell 5.1 or PowerShell 7. Nothing was done.",
        ]);
        looked.Errors.ShouldBe("");
    }

    private async Task<WindowsMachine> UnpackAsync() => WindowsMachine.Unpack(await PackageBuild.OfAsync("zip", Token), Folder);
}
