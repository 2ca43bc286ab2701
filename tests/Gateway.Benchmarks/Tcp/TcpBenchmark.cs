using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.EndToEnd;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Benchmarks.Tcp;

/// <summary>
/// Frames of 1 KB from a program to another that know plain sockets alone: over two gateways by inlet and outlet, beside a direct
/// connection, and beside two applications with the client library. Rates, and the age of a lone frame.
/// </summary>
internal static class TcpBenchmark
{
    private const int BodyBytes = 1024;
    private const double LonePerSecond = 100;
    private const string Direct = "direct connection";
    private const string Clients = "client to client, a call each";
    private const string Programs = "program to program";

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        using var receiver = new FrameReceiver();
        var port = LoopbackPort.Free(1)[0];
        await using var applications = await Applications.StartAsync(
            settings.FreshFolder(), cancellationToken, Inlet(port), Outlet(receiver.Port));
        using var sender = new FrameSender(port);
        await Warmth.ReachAsync(
            () => SendAsync(sender, receiver, settings.Share(100_000), cancellationToken), applications.ProcessIds, cancellationToken);

        var board = new Scoreboard($"Frames of {BodyBytes} bytes from program to program");
        return await Benchmark.InRoundsAsync(board, settings, Steps(board, settings, applications, sender, receiver), cancellationToken);
    }

    private static IEnumerable<Step> Steps(
        Scoreboard board, BenchmarkSettings settings, Applications applications, FrameSender sender, FrameReceiver receiver)
    {
        var (frames, lone) = (settings.Share(200_000), Math.Max(100, settings.Share(1000)));
        yield return new Step(Direct, async cancellationToken =>
        {
            using var other = new FrameReceiver();
            using var direct = new FrameSender(other.Port);
            board.Add(Direct, "frames/s", await SendAsync(direct, other, frames, cancellationToken));
        });
        yield return new Step(Clients, async cancellationToken =>
        {
            var started = Stopwatch.GetTimestamp();
            var taking = applications.Consumer.TakeAsync(frames, cancellationToken);
            await applications.Producer.InCallsAsync(frames, BodyBytes, cancellationToken);
            board.Add(Clients, "frames/s", frames / Stopwatch.GetElapsedTime(started, (await taking).Ended).TotalSeconds);
        });
        yield return new Step(Programs, cancellationToken => ProcessorTime.AddAsync(board, Programs, applications.ProcessIds, frames,
            async () => board.Add(Programs, "frames/s", await SendAsync(sender, receiver, frames, cancellationToken), Direct, Clients)));
        yield return new Step($"{Clients}, alone", async cancellationToken =>
        {
            var taking = applications.Consumer.TakeAsync(lone, cancellationToken);
            await applications.Producer.AtRateAsync(lone, BodyBytes, LonePerSecond, cancellationToken);
            Add($"{Clients}, alone", await taking);
        });
        yield return new Step($"{Programs}, alone", async cancellationToken =>
        {
            var taking = receiver.TakeAsync(lone).WaitAsync(cancellationToken);
            await sender.AtRateAsync(lone, BodyBytes, LonePerSecond);
            Add($"{Programs}, alone", await taking);
        });

        void Add(string name, ConsumerResult result)
        {
            board.Add($"{name}: age, median", "ms", result.MedianMs);
            board.Add($"{name}: age, 99 %", "ms", result.P99Ms);
        }
    }

    /// <returns>Frames a second.</returns>
    private static async Task<double> SendAsync(FrameSender sender, FrameReceiver receiver, int frames, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var taking = receiver.TakeAsync(frames).WaitAsync(cancellationToken);
        await sender.AtOnceAsync(frames, BodyBytes);
        return frames / Stopwatch.GetElapsedTime(started, (await taking).Ended).TotalSeconds;
    }

    private static Dictionary<string, string> Inlet(int port) => new(Framing("Gateway:Tcp:Inlets:frames"))
    {
        ["Gateway:Tcp:Inlets:frames:Address"] = string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}"),
        ["Gateway:Tcp:Inlets:frames:Destination"] = "frames@there",
    };

    private static Dictionary<string, string> Outlet(int port) => new(Framing("Gateway:Tcp:Outlets:frames"))
    {
        ["Gateway:Tcp:Outlets:frames:Queue"] = "frames",
        ["Gateway:Tcp:Outlets:frames:Target"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
    };

    private static Dictionary<string, string> Framing(string section) => new()
    {
        [$"{section}:Framing:Kind"] = "LengthPrefix",
        [$"{section}:Framing:HeaderBytes"] = "4",
        [$"{section}:Framing:Size"] = "4",
    };
}
