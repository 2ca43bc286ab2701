using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The log in files, of a gateway as a process of its own.</summary>
[Kind(Kind.Process)]
public sealed class LogFileTests : ProcessTest
{
    [Fact]
    public async Task The_file_has_the_lines_of_the_console_for_its_owner_alone_over_restarts()
    {
        var path = Path.Combine(Folder, "logs", "gateway.log");
        var gateway = NewGateways(new Dictionary<string, string> { ["Logging:File:Path"] = path }, "local")[0];

        await gateway.StartReadyAsync(Token);
        (await gateway.StopAsync()).ShouldBe(0);
        var first = gateway.Process.Output;
        await gateway.StartReadyAsync(Token);
        (await gateway.StopAsync()).ShouldBe(0);

        WithoutTimes(await File.ReadAllTextAsync(path, Token)).ShouldBe([.. WithoutTimes(first), .. WithoutTimes(gateway.Process.Output)]);
        OwnersOnly.IsOpen(path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_ends_the_start_with_a_sentence()
    {
        var gateway = NewGateways(new Dictionary<string, string> { ["Logging:File:Path"] = Folder }, "local")[0];

        gateway.Start();

        (await InTimeAsync("the gateway ends", gateway.Process.Ended)).ShouldBe(2);
        gateway.Process.Errors.ShouldStartWith($"The configuration is wrong. Logging:File:Path is '{Folder}', which cannot be written: ");
        gateway.Process.Errors.ShouldNotContain("   at ");
    }

    /// <summary>Each log takes the time of a line itself.</summary>
    private static List<string> WithoutTimes(string log) =>
        [.. log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[line.IndexOf("Z ", StringComparison.Ordinal)..])];
}
