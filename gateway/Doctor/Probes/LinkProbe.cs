using Gateway.Links.Protocol;

namespace Gateway.Doctor.Probes;

/// <summary>
/// One measurement: asks a peer over probes for all that only it can answer, and measures the way between the programs.
/// </summary>
internal sealed class LinkProbe(ProbeDial dial)
{
    private const int TripsMax = 20;

    /// <summary>Frames of this size fill the way.</summary>
    private const int LoadFrameBytes = ProbeCodec.PadBytesMax;

    /// <summary>The frames on the way at once: 512 KiB.</summary>
    private const int LoadWindow = 16;

    /// <summary>Without the wish for more, the way is filled with 1 MiB in each direction.</summary>
    private const long ShortLoadBytes = 1024 * 1024;

    /// <summary>Less than the peer allows on one probe.</summary>
    private const long LongLoadBytes = 900L * 1024 * 1024;

    private static readonly TimeSpan _loadTime = TimeSpan.FromSeconds(2);

    /// <summary>The time for a small answer; the peer's loop may be busy.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>The peer tries its addresses for at most 20 s.</summary>
    private static readonly TimeSpan _dialPatience = TimeSpan.FromSeconds(25);

    /// <summary>What is known so far: the next step may fail.</summary>
    private ProbeFacts _facts = new(Answer: null);

    public async Task<ProbeFacts> MeasureAsync(WayWishes wishes, CancellationToken cancellationToken)
    {
        var silence = wishes.Silence is { } longest ? new SilenceProbe(dial).FindAsync(longest, cancellationToken) : null;
        await AskAsync(wishes.Bandwidth, cancellationToken);
        return silence is null ? _facts : _facts with { Silence = await silence };
    }

    /// <summary>Asks for the peer's name and version alone.</summary>
    public async Task<ProbeFacts> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var line = await dial.OpenAsync(TimeSpan.Zero, cancellationToken);
            return new ProbeFacts(line.Answer);
        }
        catch (Exception broken) when (broken is IOException or ProbeFailedException)
        {
            return new ProbeFacts(null, (broken as ProbeFailedException)?.Refusal, broken.Message.TrimEnd('.'));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeFacts(null, Fault: "it stopped answering");
        }
    }

    private async Task AskAsync(bool isForLong, CancellationToken cancellationToken)
    {
        try
        {
            using var line = await dial.OpenAsync(TimeSpan.Zero, cancellationToken);
            _facts = new ProbeFacts(line.Answer);
            await MeasureAsync(line, isForLong, cancellationToken);
        }
        catch (Exception broken) when (broken is IOException or ProbeFailedException)
        {
            _facts = _facts with { Fault = broken.Message.TrimEnd('.'), Refusal = (broken as ProbeFailedException)?.Refusal };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _facts = _facts with { Fault = "it stopped answering" };
        }
    }

    /// <param name="isForLong">Fill the way for two seconds in each direction.</param>
    private async Task MeasureAsync(ProbeLine line, bool isForLong, CancellationToken cancellationToken)
    {
        _facts = _facts with { Idle = await TripsAsync(line, TripsMax, cancellationToken) };
        var (sizes, trip) = (new SizeProbe(dial), _facts.Idle!.Median);
        var (to, from) = (sizes.FindAsync(isTo: true, trip, cancellationToken), sizes.FindAsync(isTo: false, trip, cancellationToken));
        var back = DialBackAsync(line, cancellationToken);
        await Task.WhenAll(to, from, back);
        _facts = _facts with { Back = await back, To = await to, From = await from };
        // Where large frames are lost, a load would tell nothing more.
        if (_facts is not { To: { LostBytes: null, Fault: "" }, From: { LostBytes: null, Fault: "" } }) return;
        var up = FillAsync(isTo: true, isForLong, cancellationToken);
        var loaded = await TripsUntilAsync(line, up, cancellationToken);
        var down = FillAsync(isTo: false, isForLong, cancellationToken);
        loaded.AddRange(await TripsUntilAsync(line, down, cancellationToken));
        _facts = _facts with { Loaded = Of(loaded), Bandwidth = isForLong ? (await up, await down) : null };
    }

    private async Task<TripFacts> TripsAsync(ProbeLine line, int count, CancellationToken cancellationToken)
    {
        var trips = new List<TimeSpan>();
        for (var i = 0; i < count; i++) trips.Add(await TripAsync(line, cancellationToken));
        return Of(trips);
    }

    private async Task<List<TimeSpan>> TripsUntilAsync(ProbeLine line, Task load, CancellationToken cancellationToken)
    {
        var trips = new List<TimeSpan>();
        try
        {
            do
            {
                trips.Add(await TripAsync(line, cancellationToken));
            }
            while (!load.IsCompleted);
        }
        finally
        {
            await load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await load;
        return trips;
    }

    private async Task<TimeSpan> TripAsync(ProbeLine line, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_patience, dial.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        return await line.EchoAsync(0, 0, limit.Token);
    }

    private async Task<ProbeFrame.DialedBack> DialBackAsync(ProbeLine line, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_dialPatience, dial.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        await line.SendAsync(new ProbeFrame.DialBack(), limit.Token);
        return await line.ReceiveAsync<ProbeFrame.DialedBack>(limit.Token);
    }

    /// <summary>Fills the way in one direction on a connection of its own; returns the bytes that passed per second.</summary>
    private async Task<double> FillAsync(bool isTo, bool isForLong, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_loadTime + _patience, dial.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var line = await dial.OpenAsync(TimeSpan.Zero, limit.Token);
        var bytesMax = isForLong ? LongLoadBytes : ShortLoadBytes;
        var (began, passed, waiting) = (dial.Time.GetTimestamp(), 0L, 0);
        for (; waiting < LoadWindow; waiting++) await AskAsync();
        while (waiting > 0)
        {
            await line.ReceiveAsync<ProbeFrame.Echoed>(limit.Token);
            passed += LoadFrameBytes;
            waiting--;
            if (dial.Time.GetElapsedTime(began) >= _loadTime || passed + (waiting * LoadFrameBytes) >= bytesMax) continue;
            await AskAsync();
            waiting++;
        }

        return passed / dial.Time.GetElapsedTime(began).TotalSeconds;

        Task AskAsync() => line.AskAsync(isTo ? LoadFrameBytes : 0, isTo ? 0 : LoadFrameBytes, limit.Token);
    }

    private static TripFacts Of(List<TimeSpan> trips)
    {
        trips.Sort();
        return new TripFacts(trips.Count, trips[trips.Count / 2], trips[^1]);
    }
}
