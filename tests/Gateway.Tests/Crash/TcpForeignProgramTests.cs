using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Programs that others have written, unchanged, through an inlet and an outlet.</summary>
[Kind(Kind.Process)]
public sealed class TcpForeignProgramTests : TcpPathTest
{
    private const int Lines = 200;

    private static readonly TcpFraming _newlines = new("newlines", "", new Dictionary<string, string>
    { ["Kind"] = "Delimiter", ["End"] = @"\n" });

    private int TargetPort { get; } = LoopbackPort.Free(1)[0];

    [Fact]
    [Needs("nc")]
    public async Task Nc_sends_lines_to_nc()
    {
        var path = NewPath(_newlines, TargetPort);
        var listener = Run("listener", Tool.Netcat, "-l", "-k", "127.0.0.1", Text(TargetPort));
        await path.StartAsync(Token);

        var sender = Run("sender", Tool.Netcat, "-N", "127.0.0.1", Text(path.InletPort));
        for (var line = 1; line <= Lines; line++) await sender.WriteLineAsync($"line {line}");
        sender.CloseInput();

        await UntilAsync("all lines are there", () => listener.Output.Split('\n').Length == Lines);
        listener.Output.ShouldBe(string.Join('\n', Enumerable.Range(1, Lines).Select(line => $"line {line}")));
    }

    [Fact]
    [Needs("socat")]
    public async Task Socat_sends_a_stream_to_an_echo_and_gets_all_of_it_back_after_it_has_closed_its_side()
    {
        var path = NewPath(
            TcpFraming.Stream, TargetPort, outlet: new Dictionary<string, string> { ["PerConversation"] = "true" });
        var echo = Run("echo", Tool.Socat, "-t", "60", $"TCP-LISTEN:{Text(TargetPort)},bind=127.0.0.1,reuseaddr,fork", "EXEC:/bin/cat");
        await path.StartAsync(Token);
        var (sent, received) = (Path.Combine(Folder, "sent"), Path.Combine(Folder, "received"));
        var bytes = new byte[5_000_000];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(sent, bytes, Token);

        var caller = Run("caller", Tool.Socat, "-t", "60", $"OPEN:{sent}!!CREATE:{received}", $"TCP:127.0.0.1:{Text(path.InletPort)}");

        (await InTimeAsync("the caller ends", caller.Ended)).ShouldBe(0, caller.Errors);
        new FileInfo(received).Length.ShouldBe(bytes.Length);
        (await HashAsync(received)).ShouldBe(await HashAsync(sent));
        echo.Ended.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("octet-counted")]
    [InlineData("traditional")]
    [Needs("rsyslog")]
    public async Task Rsyslog_sends_to_rsyslog_and_loses_nothing_when_that_is_restarted(string framing)
    {
        var path = NewPath(framing == "traditional" ? _newlines : TcpFraming.Octets, TargetPort,
            outlet: new Dictionary<string, string> { ["ReplayWindow"] = "00:00:03" });
        var received = Path.Combine(Folder, "received");
        var socket = Path.Combine(Folder, "log.sock");
        await WriteAsync("from.conf", $"""
            module(load="imuxsock" SysSock.Use="off")
            input(type="imuxsock" Socket="{socket}" CreatePath="on" RateLimit.Interval="0")
            action(type="omfwd" target="127.0.0.1" port="{Text(path.InletPort)}" protocol="tcp" TCP_Framing="{framing}"
                template="RSYSLOG_SyslogProtocol23Format" queue.type="LinkedList" action.resumeRetryCount="-1" action.resumeInterval="1")
            """);
        await WriteAsync("to.conf", $$"""
            module(load="imtcp")
            input(type="imtcp" address="127.0.0.1" port="{{Text(TargetPort)}}")
            template(name="text" type="string" string="%msg%\n")
            action(type="omfile" file="{{received}}" template="text" flushOnTXEnd="on")
            """);
        await path.StartAsync(Token);
        var target = StartRsyslog("to");
        StartRsyslog("from");
        await UntilAsync("rsyslog takes lines", () => File.Exists(socket));

        await LogAsync(socket, 1, Lines);
        await UntilAsync("the first lines are there", () => LinesOf(received).Count > 0);
        await target.DisposeAsync();
        await LogAsync(socket, Lines + 1, 2 * Lines);
        StartRsyslog("to");

        await UntilAsync("all lines are there", () => LinesOf(received).Distinct().Count() == 2 * Lines);
        LinesOf(received).Distinct().ShouldBe(Enumerable.Range(1, 2 * Lines));
    }

    [Fact]
    [Needs("pyzmq")]
    public async Task An_MLLP_exchange_is_acknowledged_by_the_far_system_and_a_refused_message_is_sent_again()
    {
        const int Messages = 50;
        var outlet = new Dictionary<string, string>
        {
            ["Delivery"] = "Reply",
            ["Accepted"] = @"\rMSA\|A[AR]\|",
            ["Refused"] = @"\rMSA\|AE\|",
        };
        var path = NewPath(TcpFraming.Mllp, TargetPort, new Dictionary<string, string> { ["Answer"] = "Far" }, outlet);
        var script = Path.Combine(AppContext.BaseDirectory, "programs", "mllp.py");
        var listener = Run("listener", Tool.Python, script, "listen", Text(TargetPort));
        await path.StartAsync(Token);

        var sender = Run("sender", Tool.Python, script, "send", Text(path.InletPort), Text(Messages));

        (await InTimeAsync("the sender ends", sender.Ended)).ShouldBe(0, sender.Errors);
        var answers = listener.Output.Split('\n').Skip(1).ToList();
        answers.Where(answer => answer.StartsWith("AA ", StringComparison.Ordinal))
            .ShouldBe(Enumerable.Range(1, Messages).Select(control => $"AA {control}"));
        answers.Count(answer => answer.StartsWith("AE ", StringComparison.Ordinal)).ShouldBe(Messages / 10);
    }

    private static async Task<string> HashAsync(string path) =>
        Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(path, Token)));

    private TestProcess StartRsyslog(string name) => Run(
        name, Tool.Rsyslog, "-n", "-f", Path.Combine(Folder, $"{name}.conf"), "-i", Path.Combine(Folder, $"{name}.pid"));

    private async Task LogAsync(string socket, int first, int last)
    {
        var logger = Run($"logger {first}", Tool.Logger, "-u", socket, "--socket-errors=on");
        for (var line = first; line <= last; line++) await logger.WriteLineAsync($"line {line}");
        logger.CloseInput();
        (await InTimeAsync("logger ends", logger.Ended)).ShouldBe(0, logger.Errors);
    }

    /// <summary>The numbers of the whole lines so far.</summary>
    private static List<int> LinesOf(string path) => !File.Exists(path) ? []
        : [.. File.ReadAllText(path).Split('\n')[..^1].Select(line => int.Parse(line.Trim().Split(' ')[1], CultureInfo.InvariantCulture))];

    private TestProcess Run(string name, string program, params string[] arguments) => Track(TestProcess.Start(
        new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder }, Path.Combine(Folder, $"{name}.log")));

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(Folder, name), text, Token);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
