using System.Diagnostics;
using NetMQ;
using NetMQ.Sockets;

namespace Gateway.Benchmarks.Raw;

/// <summary>
/// The limit of the socket library: a dealer sends frames, a router on another thread answers each with a few bytes, and nothing is done
/// with what arrives.
/// </summary>
internal static class RawNetMq
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Messages a second, so many to a frame, while so many frames wait for their answer.</summary>
    public static async Task<double> RunAsync(int messages, int bodyBytes, int frameMessages, int windowFrames)
    {
        var frames = Math.Max(1, messages / frameMessages);
        using var router = new RouterSocket();
        using var dealer = new DealerSocket();
        router.Options.ReceiveHighWatermark =
            router.Options.SendHighWatermark = dealer.Options.ReceiveHighWatermark = dealer.Options.SendHighWatermark = 0;
        var port = router.BindRandomPort("tcp://127.0.0.1");
        dealer.Connect($"tcp://127.0.0.1:{port}");
        var started = Stopwatch.GetTimestamp();
        var answering = Task.Factory.StartNew(() => Answer(router, frames), TaskCreationOptions.LongRunning);
        Send(dealer, frames, frameMessages * bodyBytes, windowFrames);
        await answering;
        return (double)frames * frameMessages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Answer(RouterSocket router, int frames)
    {
        var message = default(Msg);
        message.InitEmpty();
        for (var i = 0; i < frames; i++)
        {
            var sender = Received(router.TryReceiveFrameBytes(_patience, out var bytes), bytes!);
            Received(router.TryReceive(ref message, _patience), message);
            router.SendMoreFrame(sender).SendFrameEmpty();
        }

        message.Close();
    }

    private static void Send(DealerSocket dealer, int frames, int bytes, int windowFrames)
    {
        var body = new byte[bytes];
        var answer = default(Msg);
        answer.InitEmpty();
        for (var (sent, answered) = (0, 0); answered < frames;)
        {
            if (sent < frames && sent - answered < windowFrames)
            {
                dealer.SendFrame(body);
                sent++;
            }
            else
            {
                Received(dealer.TryReceive(ref answer, _patience), answer);
                answered++;
            }
        }

        answer.Close();
    }

    private static T Received<T>(bool isThere, T value) =>
        isThere ? value : throw new TimeoutException("The other socket does not answer.");
}
