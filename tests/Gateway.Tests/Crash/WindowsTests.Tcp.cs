using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Inlets and outlets of the Windows executable. Wine does not tell what TCP has acknowledged (SIO_TCP_INFO), as Windows before version
/// 1703 does not: what depends on that is refused. Its table of listening sockets (GetExtendedTcpTable) does not tell whose they are.
/// </summary>
public sealed partial class WindowsTests
{
    private const int FramesOfARound = 100;

    [Fact]
    public async Task Frames_pass_from_program_to_program_through_inlets_and_outlets_that_are_killed()
    {
        var ports = LoopbackPort.Free(3);
        using var noter = new TcpListener(IPAddress.Loopback, 0);
        noter.Start();
        var (shop, billing) = NewPair();
        shop = shop with { More = With(shop.More, [.. Inlet("orders", ports[0]), .. Inlet("notes", ports[1])]) };
        billing = billing with
        {
            More = With(billing.More, [
                .. Outlet("orders", $"127.0.0.1:{ports[2]}", "Reply"), .. Outlet("notes", $"{noter.LocalEndpoint}", "Written")]),
        };
        var shopRun = await StartAsync(shop);
        var billingRun = await StartAsync(billing);
        var receiver = StartReceiver(ports[2]);

        await SendAsync(ports[0], round: 1);
        await SendAsync(ports[1], round: 1);
        await UntilReceivedAsync(1);
        using var note = await noter.AcceptTcpClientAsync(Token);
        (await NotesAsync(note)).ShouldBe(NumbersOf(1));

        // The program is started again, and frames wait for the gateway that is not there.
        await receiver.DisposeAsync();
        await using var receiverAgain = StartReceiver(ports[2]);
        await UntilAsync("the restart is noticed", () => Regex.IsMatch(
            Written(billing.LogPath), "Outlet orders is Up, after (ClosedByPeer|ResetByPeer)"));
        await SendAsync(ports[0], round: 2);
        await billingRun.DisposeAsync();
        await SendAsync(ports[0], round: 3);
        await SendAsync(ports[1], round: 2);
        await shopRun.KillAsync();
        await using var shopAgain = await StartAsync(shop);
        await using var billingAgain = await StartAsync(billing);
        await UntilReceivedAsync(3);
        using var noteAgain = await noter.AcceptTcpClientAsync(Token);
        (await NotesAsync(noteAgain)).ShouldBe(NumbersOf(2));

        // Nothing was lost, and the order is kept; what had no reply yet when the gateway was killed came twice.
        Received().Distinct().ShouldBe([.. NumbersOf(1), .. NumbersOf(2), .. NumbersOf(3)]);
        Written(billing.LogPath).ShouldNotContain("PeerStuck");
        shopAgain.CloseInput();
        billingAgain.CloseInput();
        (await InTimeAsync("shop stops", shopAgain.Ended)).ShouldBe(0, Written(shop.LogPath));
        (await InTimeAsync("billing stops", billingAgain.Ended)).ShouldBe(0, Written(billing.LogPath));
    }

    [Fact]
    public async Task Delivery_by_acknowledgements_is_refused_where_the_system_does_not_tell_them()
    {
        var config = Path.Combine(Folder, "outlet.json");
        var outlet = new JsonObject(Outlet("orders", "127.0.0.1:9", "Acknowledged").Select(pair =>
            KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        await File.WriteAllTextAsync(config, outlet.ToJsonString(), Token);

        await using var check = StartVerb(["config", "check", "--config", config]);

        (await InTimeAsync("the check", check.Ended)).ShouldNotBe(0);
        Written(VerbsPath).ShouldContain("Gateway:Tcp:Outlets:orders:Delivery is Acknowledged");
        Written(VerbsPath).ShouldContain("this host's system does not tell which bytes TCP has acknowledged; set it to Reply");
    }

    private string ReceivedPath => Path.Combine(Folder, "received.txt");

    private static Dictionary<string, string> With(
        IReadOnlyDictionary<string, string> some, IReadOnlyList<KeyValuePair<string, string>> more) => new([.. some, .. more]);

    private static IEnumerable<KeyValuePair<string, string>> Inlet(string name, int port) =>
    [
        .. DemoFrames.Configuration($"Gateway:Tcp:Inlets:{name}"),
        new($"Gateway:Tcp:Inlets:{name}:Address", string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}")),
        new($"Gateway:Tcp:Inlets:{name}:Destination", $"{name}@billing"),
        new($"Gateway:Tcp:Inlets:{name}:Answer", "Fixed"),
        new($"Gateway:Tcp:Inlets:{name}:AnswerBytes", "\\x06"),
    ];

    private static IEnumerable<KeyValuePair<string, string>> Outlet(string name, string target, string delivery) =>
    [
        .. DemoFrames.Configuration($"Gateway:Tcp:Outlets:{name}"),
        new($"Gateway:Tcp:Outlets:{name}:Queue", name),
        new($"Gateway:Tcp:Outlets:{name}:Target", target),
        new($"Gateway:Tcp:Outlets:{name}:Delivery", delivery),
        new($"Gateway:Tcp:Outlets:{name}:BackoffMax", "00:00:00.200"),
        new($"Gateway:Tcp:Outlets:{name}:StuckTold", "00:00:01"),
    ];

    /// <summary>A program of Windows with plain sockets, which answers each frame and notes its number.</summary>
    private TestProcess StartReceiver(int port)
    {
        var start = windows.Gateway(
            ReceivedPath, DemoReceiverVerb.Name, port.ToString(CultureInfo.InvariantCulture));
        start.WorkingDirectory = Folder;
        return TestProcess.Start(start, Path.Combine(Folder, "nothing.txt"));
    }

    private static IEnumerable<long> NumbersOf(int round) =>
        Enumerable.Range(((round - 1) * FramesOfARound) + 1, FramesOfARound).Select(number => (long)number);

    /// <summary>Sends frames to an inlet. Returns when each is answered, and so on disk.</summary>
    private static async Task SendAsync(int port, int round)
    {
        var random = new Random(round);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, Token);
        var stream = socket.GetStream();
        foreach (var number in NumbersOf(round)) await stream.WriteAsync(DemoFrames.Make(DemoBody.Make(number, 1000, random)), Token);
        var answers = new byte[FramesOfARound];
        await InTimeAsync("the answers", stream.ReadExactlyAsync(answers, Token).AsTask());
        answers.ShouldAllBe(answer => answer == DemoFrames.Acknowledged);
    }

    private static async Task<List<long>> NotesAsync(TcpClient note)
    {
        var found = new List<long>();
        while (found.Count < FramesOfARound)
        {
            var body = await InTimeAsync("a note", DemoFrames.ReadAsync(note.GetStream(), Token));
            DemoBody.TryRead(body, out var number).ShouldBeTrue();
            found.Add(number);
        }

        return found;
    }

    private Task UntilReceivedAsync(int round) =>
        UntilAsync($"the frames of round {round} are received", () => Received().Contains(NumbersOf(round).Last()));

    private List<long> Received()
    {
        var found = new List<long>();
        foreach (var line in Written(ReceivedPath).Split('\n'))
            if (ConsumerReport.TryParse(line.TrimEnd('\r'), out var report) && report.Kind == ConsumerReportKind.Received)
            {
                report.Intact.ShouldBeTrue(line);
                found.Add(report.Sequence);
            }

        return found;
    }
}
