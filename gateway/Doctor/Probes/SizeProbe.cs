namespace Gateway.Doctor.Probes;

/// <summary>
/// Finds the size from which frames get lost in one direction, and the largest that passes: a device with a smaller packet size that sends
/// no ICMP swallows what is larger, and nobody is told. A connection is stuck with what was lost, so each try after that has its own.
/// </summary>
internal sealed class SizeProbe(ProbeDial dial)
{
    /// <summary>In rising order: each is one packet, until the path's own size; the last are larger than any usual packet.</summary>
    private static readonly int[] _steps = [256, 512, 1000, 1240, 1400, 2000, 4000, 9000];

    /// <summary>The size is told no more precisely.</summary>
    private const int PrecisionBytes = 64;

    /// <summary>In this time TCP repeats what is lost several times.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan _shortPatience = TimeSpan.FromSeconds(1.5);

    /// <param name="isTo">To the peer; else from it.</param>
    /// <param name="trip">The round trip of a small frame.</param>
    public async Task<SizeFacts> FindAsync(bool isTo, TimeSpan trip, CancellationToken cancellationToken)
    {
        var passed = 0;
        try
        {
            using var line = await dial.OpenAsync(TimeSpan.Zero, cancellationToken);
            foreach (var bytes in _steps)
            {
                if (!await PassesAsync(line, isTo, bytes, _patience + (4 * trip), cancellationToken))
                    return await NarrowAsync(isTo, passed, bytes, _shortPatience + (4 * trip), cancellationToken);
                passed = bytes;
            }

            return new SizeFacts(passed, LostBytes: null);
        }
        catch (ProbeFailedException failure)
        {
            return new SizeFacts(passed, LostBytes: null, failure.Message);
        }
    }

    private async Task<SizeFacts> NarrowAsync(
        bool isTo, int passed, int lost, TimeSpan patience, CancellationToken cancellationToken)
    {
        while (passed > 0 && lost - passed > PrecisionBytes)
        {
            var middle = (passed + lost) / 2;
            using var line = await dial.OpenAsync(TimeSpan.Zero, cancellationToken);
            if (await PassesAsync(line, isTo, middle, patience, cancellationToken)) passed = middle;
            else lost = middle;
        }

        return new SizeFacts(passed, lost);
    }

    private async Task<bool> PassesAsync(ProbeLine line, bool isTo, int bytes, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, dial.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await line.EchoAsync(isTo ? bytes : 0, isTo ? 0 : bytes, limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (IOException broken)
        {
            throw new ProbeFailedException(broken.Message.TrimEnd('.'), broken);
        }
    }
}
