using System.Diagnostics;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Tests.Crash;

/// <summary>The common base of tests of the doctor before real faults.</summary>
public abstract class DoctorTest : LinkTest
{
    /// <summary>The ports of the gateways lie outside the range of ephemeral ports, as they should.</summary>
    private protected static async Task<NetworkNamespace> NewNetworkAsync()
    {
        var network = await NetworkNamespace.CreateAsync();
        await network.NarrowPortsAsync(10_000, 20_000);
        return network;
    }

    /// <summary>
    /// Keeps the gateway's store in memory until disposed: a busy disk is a true finding of the doctor, and no fault of this test.
    /// </summary>
    private protected static Task<TinyFileSystem> InMemoryAsync(TestGateway gateway) =>
        TinyFileSystem.MountAsync(gateway.StorePath, megabytes: 512, inodes: 5000);

    /// <summary>The ids of the warnings and faults that the doctor finds.</summary>
    /// <param name="under">A program, with its arguments, that runs the doctor in its own process.</param>
    /// <param name="arguments">A peer, and options.</param>
    private protected async Task<IReadOnlyList<string>> DoctorAsync(TestGateway gateway, string[] under, params string[] arguments) =>
        [.. (await FindingsAsync(gateway, under, arguments)).Where(finding => finding.Verdict is "warning" or "fault")
            .Select(finding => finding.Id).Distinct()];

    /// <summary>All that the doctor finds.</summary>
    private protected async Task<IReadOnlyList<(string Id, string Verdict, string About, string Measured)>> FindingsAsync(
        TestGateway gateway, string[] under, params string[] arguments)
    {
        var config = Path.Combine(Folder, $"{gateway.Name}.json");
        var settings = gateway.Settings.Arguments.Select(argument => argument[2..].Split('=', 2));
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(settings.ToDictionary(pair => pair[0], pair => pair[1])), Token);
        var own = Executable.Start(["doctor", .. arguments, "--config", config, "--output", "jsonl", "--timeout", "1m"]);
        string[] command = [.. under, own.FileName, .. own.ArgumentList];
        await using var verb = TestProcess.Start(new ProcessStartInfo(command[0], command[1..]), Path.Combine(Folder, "doctor.log"));
        await InTimeAsync("the doctor ends", verb.Ended);
        return [.. verb.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using var finding = JsonDocument.Parse(line);
            string Text(string name) => finding.RootElement.GetProperty(name).GetString()!;
            return (Text("id"), Text("verdict"), Text("about"), Text("measured"));
        })];
    }
}
