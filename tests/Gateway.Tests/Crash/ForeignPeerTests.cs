using System.Diagnostics;
using System.Globalization;
using Gateway.Tests.Transport;
using Gateway.Transport.Accepting;
using Gateway.Transport.Zmtp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Peers that were made by others pass the front door: messages of all shapes up to 100 MB, and heartbeats.</summary>
[Kind(Kind.Process)]
public sealed class ForeignPeerTests : ProcessTest
{
    private const int LargeBytes = 100_000_000;

    private static readonly FrontDoorSettings _settings = EchoDoor.Defaults with
    { Zmtp = new ZmtpLimits(["DEALER"], LargeBytes, 2L * LargeBytes, 10) };

    [Fact]
    [Needs("pyzmq")]
    public async Task Pyzmq_with_heartbeats_and_100_MB()
    {
        await using var echo = await EchoDoor.OpenAsync(_settings);

        await RunAsync("pyzmq", Tool.Python, Path.Combine(AppContext.BaseDirectory, "foreign", "echo.py"), echo.Address, Text(LargeBytes));

        ServedOneUndisturbed(echo);
    }

    [Fact]
    [Needs("gcc", "libzmq")]
    public async Task A_C_program_on_libzmq_with_heartbeats_and_100_MB()
    {
        await using var echo = await EchoDoor.OpenAsync(_settings);
        var program = Path.Combine(Folder, "echo");
        await RunAsync("gcc", Tool.Gcc, "-O1", "-Wall", "-Werror", "-o", program,
            Path.Combine(AppContext.BaseDirectory, "foreign", "echo.c"), $"-I{Path.GetDirectoryName(Tool.ZmqHeader)}", "-lzmq");

        await RunAsync("libzmq", program, echo.Address, Text(LargeBytes));

        ServedOneUndisturbed(echo);
    }

    private async Task RunAsync(string name, string program, params string[] arguments)
    {
        var process = Track(
            TestProcess.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder }, Path.Combine(Folder, name + ".log")));
        (await InTimeAsync($"{name} ends", process.Ended)).ShouldBe(0, process.Errors);
    }

    private static void ServedOneUndisturbed(EchoDoor echo)
    {
        echo.Log.Lines.ShouldBeEmpty();
        echo.Counters.Read().ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("accepted", 1L));
        echo.Received.Select(received => received.Connection).Distinct().ShouldHaveSingleItem();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
