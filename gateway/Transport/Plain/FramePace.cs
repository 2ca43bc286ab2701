using Gateway.Transport.Accepting;

namespace Gateway.Transport.Plain;

/// <summary>
/// Watches the bytes of one large frame that holds memory: if hardly any come while others wait for that memory, the frame is given up. A
/// line of 2 kB a second is far above the limit. Used by the reader and by a timer.
/// </summary>
/// <param name="onStalled">Called from time to time, by any thread, while the frame is to be given up.</param>
internal sealed class FramePace(MemoryBudget memory, TimeProvider time, Action onStalled) : IDisposable
{
    /// <summary>So many bytes within the time keep the frame alive.</summary>
    public const int BytesMin = 8 * 1024;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _bytes;
    private long _since;

    /// <summary>The reader waits for bytes, and not for the gateway.</summary>
    private bool _isReading;

    /// <summary>Too little has come for too long, and others wait for the memory.</summary>
    public bool IsStalled
    {
        get
        {
            lock (_lock) return _timer is not null && _isReading && time.GetElapsedTime(_since) >= Patience && memory.IsWanted;
        }
    }

    /// <summary>The frame holds memory from now on.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            (_bytes, _since) = (0, time.GetTimestamp());
            _timer ??= time.CreateTimer(_ => Look(), null, _lookEvery, _lookEvery);
        }
    }

    /// <summary>The reader waits for bytes.</summary>
    public void OnReading()
    {
        lock (_lock)
        {
            // The time for which the gateway has not read does not count.
            if (!_isReading) (_bytes, _since) = (0, time.GetTimestamp());
            _isReading = true;
        }
    }

    /// <summary>The reader has read so many bytes.</summary>
    public void OnRead(long bytes)
    {
        lock (_lock)
        {
            _bytes += bytes;
            if (_bytes >= BytesMin) (_bytes, _since) = (0, time.GetTimestamp());
        }
    }

    /// <summary>The reader waits for the gateway.</summary>
    public void OnHeldBack()
    {
        lock (_lock) _isReading = false;
    }

    /// <summary>The frame holds no memory any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    public void Dispose() => End();

    private void Look()
    {
        if (IsStalled) onStalled();
    }
}
