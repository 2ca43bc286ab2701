using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Links.Protocol;
using Gateway.Tests.Cli;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A stream between programs with plain sockets over two real gateways, of which an operator removes a piece: neither program reads what
/// came behind it, and both are reset.
/// </summary>
[Kind(Kind.Process)]
public sealed class LostPieceTests : TcpPathTest
{
    private static readonly Dictionary<string, string> _outlet = new() { ["PerConversation"] = "true" };

    private readonly TcpListener _target = new(IPAddress.Loopback, 0);

    public LostPieceTests() => _target.Start();

    [Fact]
    public async Task A_piece_that_is_removed_on_its_way_there_resets_both_programs_and_is_told()
    {
        var path = await StartAsync();
        using var sender = await ConnectAsync(path);
        using var receiver = await _target.AcceptSocketAsync(Token);
        await SendAsync(sender, "first ");
        (await ReadAsync(receiver, "first ".Length)).ShouldBe("first ");

        await RunAsync(path.Billing, "queue", "pause", "orders");
        await SendAsync(sender, "second ", path, frames: 2);
        await SendAsync(sender, "third ", path, frames: 3);
        await UntilWaitingAsync(path.Billing, "orders", 3);
        await RunAsync(path.Billing, "message", "delete", "orders", await NumberAsync(path.Billing, "orders", frame: 2), "--yes");
        sender.Shutdown(SocketShutdown.Send);
        await RunAsync(path.Billing, "queue", "resume", "orders");

        (await ReadToEndAsync(receiver)).ShouldBe("(reset)");
        (await ReadToEndAsync(sender)).ShouldBe("(reset)");
        var outlet = (await ShowAsync(path.Billing)).Outlet!;
        outlet.History[^1].Cause.ShouldBe(LinkCause.PieceMissing);
        outlet.History[^1].Evidence.ShouldEndWith(" is missing, and piece 3 came");
        path.Billing.Process.Output.ShouldContain("Outlet orders resets a stream, and makes what is left of it dead letters: piece 2 of ");
        (await RunAsync(path.Billing, "deadletter", "ls")).ShouldContain("and piece 3 came");
    }

    [Fact]
    public async Task A_piece_that_is_removed_on_its_way_back_resets_both_programs_and_is_told()
    {
        var path = await StartAsync();
        using var sender = await ConnectAsync(path);
        using var receiver = await _target.AcceptSocketAsync(Token);
        await SendAsync(receiver, "first ");
        (await ReadAsync(sender, "first ".Length)).ShouldBe("first ");

        await RunAsync(path.Shop, "queue", "pause", "orders.replies");
        await SendAsync(receiver, "second ");
        await UntilWaitingAsync(path.Shop, "orders.replies", 1);
        await RunAsync(path.Shop, "message", "delete", "orders.replies", await NumberAsync(path.Shop, "orders.replies", frame: 2), "--yes");
        receiver.Shutdown(SocketShutdown.Send);
        await RunAsync(path.Shop, "queue", "resume", "orders.replies");

        (await ReadToEndAsync(sender)).ShouldBe("(reset)");
        (await ReadToEndAsync(receiver)).ShouldBe("(reset)");
        (await ShowAsync(path.Shop)).Inlet!.History[^1].Cause.ShouldBe(LinkCause.PieceMissing);
        path.Shop.Process.Output.ShouldContain(" is missing, and its end came");
    }

    [Fact]
    public async Task No_piece_is_larger_than_the_other_gateway_takes_in_either_direction()
    {
        var path = await StartAsync(shop: Takes(900), billing: Takes(1000));
        await UntilAsync("the links are up", () => path.Shop.Process.Output.Contains("Link to billing is Up")
            && path.Billing.Process.Output.Contains("Link to shop is Up"));
        using var sender = await ConnectAsync(path);
        using var receiver = await _target.AcceptSocketAsync(Token);
        var text = string.Concat(Enumerable.Range(0, 2000).Select(number => $"{number} "));

        await SendAsync(sender, text);
        sender.Shutdown(SocketShutdown.Send);
        (await ReadToEndAsync(receiver)).ShouldBe($"{text}(end)");
        await SendAsync(receiver, text);
        receiver.Shutdown(SocketShutdown.Send);
        (await ReadToEndAsync(sender)).ShouldBe($"{text}(end)");
    }

    private static Dictionary<string, string> Takes(int bodyBytes) => new()
    { ["Gateway:Intake:BodyBytesMax"] = bodyBytes.ToString(CultureInfo.InvariantCulture) };

    private async Task<TcpPath> StartAsync(
        IReadOnlyDictionary<string, string>? shop = null, IReadOnlyDictionary<string, string>? billing = null)
    {
        var path = NewPath(TcpFraming.Stream, ((IPEndPoint)_target.LocalEndpoint).Port, outlet: _outlet, shop: shop, billing: billing);
        await path.StartAsync(Token);
        return path;
    }

    private static async Task<Socket> ConnectAsync(TcpPath path)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, path.InletPort), Token);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), Token);

    /// <summary>Returns when the inlet has taken so many frames: this one is a piece of its own.</summary>
    private static async Task SendAsync(Socket socket, string text, TcpPath path, int frames)
    {
        await SendAsync(socket, text);
        await UntilAsync("the piece is taken", async () => (await ShowAsync(path.Shop)).Inlet!.Inlet.Frames == frames);
    }

    private static async Task<string> ReadAsync(Socket socket, int bytes)
    {
        var (all, read) = (new byte[bytes], 0);
        while (read < bytes && await InTimeAsync("bytes", socket.ReceiveAsync(all.AsMemory(read), Token).AsTask()) is > 0 and var some)
            read += some;
        return Encoding.ASCII.GetString(all, 0, read);
    }

    /// <summary>What comes until the end, and how that comes.</summary>
    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var (all, some) = (new StringBuilder(), new byte[100]);
        try
        {
            while (await InTimeAsync("the end", socket.ReceiveAsync(some, Token).AsTask()) is > 0 and var read)
                all.Append(Encoding.ASCII.GetString(some, 0, read));
            return all.Append("(end)").ToString();
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return all.Append("(reset)").ToString();
        }
    }

    private static Task UntilWaitingAsync(TestGateway gateway, string queue, int messages) => UntilAsync($"{messages} wait in {queue}",
        async () => (await MessagesAsync(gateway, queue)).Count >= messages);

    private static async Task<string> NumberAsync(TestGateway gateway, string queue, int frame)
    {
        var text = await RunAsync(gateway, "message", "ls", "--queue", queue, "--header", $"tcp-frame={frame}", "--output", "json");
        return JsonDocument.Parse(text).RootElement[0].GetProperty("number").ToString();
    }

    private static async Task<IReadOnlyList<JsonElement>> MessagesAsync(TestGateway gateway, string queue)
    {
        var text = await RunAsync(gateway, "message", "ls", "--queue", queue, "--output", "json");
        return [.. JsonDocument.Parse(text).RootElement.EnumerateArray()];
    }

    private static async Task<ShownTcp> ShowAsync(TestGateway gateway) => JsonSerializer.Deserialize<ShownTcp>(
        await RunAsync(gateway, "tcp", "show", "orders", "--output", "json"), HttpJson.Options)!;

    private static async Task<string> RunAsync(TestGateway gateway, params string[] verb)
    {
        var terminal = new TestTerminal();
        (await terminal.RunAsync([.. verb, "--gateway", gateway.Api])).ShouldBe(ExitCode.Ok, terminal.Error);
        return terminal.Output;
    }
}
