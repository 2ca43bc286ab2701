using System.Globalization;
using System.Net;

namespace Gateway.Transport.Plain;

/// <summary>One line of Linux's <c>/proc/net/tcp</c> or <c>tcp6</c> (proc(5)).</summary>
/// <param name="Waiting">Of a listening socket, the connections not accepted yet; otherwise the bytes not read yet.</param>
/// <param name="Inode">Identifies the socket; 0 for a connection that nobody has accepted.</param>
internal sealed record KernelSocket(IPEndPoint Local, IPEndPoint Remote, bool IsListening, int Waiting, string Inode)
{
    private const string Listening = "0A";

    /// <param name="lines">With the heading; lines of another form are passed over.</param>
    public static IEnumerable<KernelSocket> Parse(IEnumerable<string> lines)
    {
        foreach (var line in lines.Skip(1))
        {
            // sl, local address:port, remote, state, tx queue:rx queue, timer, retransmissions, uid, timeout, inode
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 10 || End(fields[1]) is not { } local || End(fields[2]) is not { } remote) continue;
            if (fields[4].Split(':') is not [_, var queue] || Number(queue) is not { } waiting) continue;
            yield return new KernelSocket(local, remote, fields[3] == Listening, waiting, fields[9]);
        }
    }

    /// <summary>An address in hexadecimal digits, each group of four bytes in this host's order, and a port.</summary>
    private static IPEndPoint? End(string text)
    {
        if (text.Split(':') is not [var address, var port]) return null;
        if (Number(port) is not (>= 0 and <= IPEndPoint.MaxPort and var number)) return null;
        if (address.Length is not (8 or 32) || !address.All(char.IsAsciiHexDigit)) return null;
        var bytes = Convert.FromHexString(address);
        if (BitConverter.IsLittleEndian)
        {
            for (var group = 0; group < bytes.Length; group += sizeof(int)) bytes.AsSpan(group, sizeof(int)).Reverse();
        }

        return HostPort.Plain(new IPEndPoint(new IPAddress(bytes), number));
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
}
