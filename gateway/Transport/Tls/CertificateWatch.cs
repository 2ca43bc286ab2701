using Gateway.Links;
using Microsoft.Extensions.Logging;

namespace Gateway.Transport.Tls;

/// <summary>
/// The certificates in use. They are read again when their files change; if the new ones are unusable, the old ones stay. Warns once a day
/// of a certificate about to expire. Any thread.
/// </summary>
internal sealed partial class CertificateWatch : IDisposable
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);
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

    /// <param name="ownName">
    /// The name for which the certificate must be valid; empty to skip the check, as for HTTP callers, who verify the host name.
    /// </param>
    /// <exception cref="TlsFilesException">The files are unusable.</exception>
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
        // Links that stay up for months make no handshakes, so a timer checks too.
        _timer = time.CreateTimer(_ => Refresh(), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
    }

    /// <summary>The patience with programs that hold a file during a re-read: none is needed, since the next check is soon.</summary>
    public FilePatience Patience { get; init; } = FilePatience.None;

    /// <summary>The own certificate for the status; reads no file.</summary>
    public OwnCertificate Own
    {
        get
        {
            var own = _material.Own;
            return new OwnCertificate(own.Subject, CertificateText.Fingerprint(own), CertificateText.ExpiresAt(own),
                CertificateText.WarningOf(CertificateText.ExpiresAt(own), _time.GetUtcNow()));
        }
    }

    /// <summary>The material for a new connection.</summary>
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
    /// A caller does not wait for another one's check but uses the current material: the disk may hold the check up for longer than a
    /// handshake may last.
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
            if (!e.IsTransient || !_isHeldTold) LogKept(e.Message);
            _isHeldTold = e.IsTransient;
            // A held file may be readable at the next check; any other file only after it has changed again.
            if (!e.IsTransient) _seen = found;
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
        if (_warnedAt is { } at && _time.GetElapsedTime(at) < _warnEvery) return;
        if (CertificateText.WarningOf(expires, _time.GetUtcNow()).Length == 0) return;
        _warnedAt = _time.GetTimestamp();
        LogExpires(CertificateText.Describe(_material.Own), CertificateText.Day(expires));
    }
}
