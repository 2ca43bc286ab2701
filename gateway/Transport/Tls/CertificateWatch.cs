using Gateway.Links;
using Microsoft.Extensions.Logging;

namespace Gateway.Transport.Tls;

/// <summary>
/// The certificates that are in use: read again when their files have changed, and kept as they were when the new ones cannot be used.
/// Warns, once a day, of a certificate that is about to expire. Any thread.
/// </summary>
internal sealed partial class CertificateWatch : IDisposable
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _warnBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan _warnEvery = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly TlsFiles _files;
    private readonly string _ownName;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private volatile TlsMaterial _material;
    private IReadOnlyList<(DateTime Written, long SizeBytes)> _seen;
    private long _lookedAt;
    private long? _warnedAt;
    private bool _isHeldTold;

    /// <param name="ownName">Whom the certificate has to be for; empty when that is of no account, as to callers who look at the host's
    /// name.</param>
    /// <exception cref="TlsFilesException">The files cannot be used.</exception>
    public CertificateWatch(TlsFiles files, string ownName, TimeProvider time, ILogger<CertificateWatch> logger)
    {
        _files = files;
        _ownName = ownName;
        _time = time;
        _logger = logger;
        _seen = Look();
        _material = files.Read();
        _lookedAt = time.GetTimestamp();
        OnRead(_material);
        Warn();
        // Links that stay up for months make no handshakes.
        _timer = time.CreateTimer(_ => Refresh(), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
    }

    /// <summary>With programs that hold a file when it is read again: none is needed, since the next look is soon.</summary>
    public FilePatience Patience { get; init; } = FilePatience.None;

    /// <summary>For the status; looks at no file.</summary>
    public OwnCertificate Own
    {
        get
        {
            var own = _material.Own;
            return new OwnCertificate(own.Subject, CertificateText.Fingerprint(own), CertificateText.ExpiresAt(own),
                WarningOf(CertificateText.ExpiresAt(own)));
        }
    }

    /// <summary>What a new connection is to use.</summary>
    public TlsMaterial Current
    {
        get
        {
            Refresh();
            return _material;
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>
    /// Whoever comes while another one looks takes what there is: the disk may keep that one for longer than a handshake may last.
    /// </summary>
    private void Refresh()
    {
        if (!_lock.TryEnter()) return;
        try
        {
            if (_time.GetElapsedTime(_lookedAt) < _lookEvery) return;
            _lookedAt = _time.GetTimestamp();
            var found = Look();
            if (!found.SequenceEqual(_seen)) Read(found);
            Warn();
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void Read(IReadOnlyList<(DateTime Written, long SizeBytes)> found)
    {
        try
        {
            _material = _files.Read(Patience);
        }
        catch (TlsFilesException e)
        {
            if (!e.IsHeld || !_isHeldTold) LogKept(e.Message);
            _isHeldTold = e.IsHeld;
            // What is held now may be read at the next look; all else, when it has changed once more.
            if (!e.IsHeld) _seen = found;
            return;
        }

        _seen = found;
        _isHeldTold = false;
        _warnedAt = null;
        OnRead(_material);
    }

    private IReadOnlyList<(DateTime Written, long SizeBytes)> Look() =>
        [.. _files.Paths.Select(path => new FileInfo(path)).Select(file => file.Exists ? (file.LastWriteTimeUtc, file.Length) : default)];

    private void OnRead(TlsMaterial material)
    {
        var names = CertificateText.NamesOf(material.Own);
        LogRead(CertificateText.Describe(material.Own), CertificateText.Day(CertificateText.ExpiresAt(material.Own)),
            material.Authorities.Count);
        if (material.IsKeyOpen) LogOpenKey();
        if (_ownName.Length > 0 && !names.Contains(_ownName)) LogOtherName(string.Join(", ", names), _ownName);
    }

    private void Warn()
    {
        var expires = CertificateText.ExpiresAt(_material.Own);
        if ((_warnedAt is { } at && _time.GetElapsedTime(at) < _warnEvery) || WarningOf(expires).Length == 0) return;
        _warnedAt = _time.GetTimestamp();
        LogExpires(CertificateText.Describe(_material.Own), CertificateText.Day(expires));
    }

    private string WarningOf(DateTimeOffset expires)
    {
        var left = expires - _time.GetUtcNow();
        if (left > _warnBefore) return "";
        return left > TimeSpan.Zero
            ? $"the certificate expires on {CertificateText.Day(expires)}; put a new one in its place"
            : $"the certificate expired on {CertificateText.Day(expires)}: peers refuse it; put a new one in its place";
    }
}
