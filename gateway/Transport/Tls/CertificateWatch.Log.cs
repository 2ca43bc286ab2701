using Microsoft.Extensions.Logging;

namespace Gateway.Transport.Tls;

internal sealed partial class CertificateWatch
{
    [LoggerMessage(EventId = 4020, Level = LogLevel.Information, Message =
        "New connections between gateways present the certificate {Certificate}, valid until {Expires}. CAs trusted: {Authorities}.")]
    private partial void LogRead(string certificate, string expires, int authorities);

    [LoggerMessage(EventId = 4021, Level =
        LogLevel.Error, Message = "The files of the certificate have changed, but cannot be used; the former ones stay in use. {Why}.")]
    private partial void LogKept(string why);

    [LoggerMessage(EventId = 4022, Level = LogLevel.Warning, Message = "The certificate {Certificate} expires on {Expires}; "
        + "after that no peer accepts it. Replace it; no restart is needed.")]
    private partial void LogExpires(string certificate, string expires);

    [LoggerMessage(EventId = 4024, Level = LogLevel.Warning, Message = "Other users of this host can read the key of the certificate, "
        + "and so speak for this gateway; let only its owner read the file (chmod 600).")]
    private partial void LogOpenKey();

    [LoggerMessage(EventId = 4023, Level = LogLevel.Warning, Message = "The certificate is valid for '{Names}', not for this gateway's "
        + "name {Name}: only peers with its fingerprint in their configuration accept it.")]
    private partial void LogOtherName(string names, string name);
}
