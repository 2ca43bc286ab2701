using System.Net.Security;
using System.Net.Sockets;
using Gateway.Tcp;
using Gateway.Tests.Transport.Tls;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

/// <summary>Replies over TLS at an inlet's listener.</summary>
[NotUnderWine("Wine does not tell what was acknowledged")]
public sealed class TlsInletTests
{
    [Fact]
    public async Task WhatAProgramOverTlsDoesNotRead_IsWritten_AndNotAcknowledged_UntilItsHostHasIt()
    {
        const int All = 16 * 1024 * 1024;
        using var pki = new TestPki();
        var files = pki.Make("shop");
        await using var heard = new HeardPrograms(HeardPrograms.Settings() with
        { Tls = new InletTls(files.CertificatePath, files.KeyPath, KeyPassword: "") });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024 };
        await socket.ConnectAsync(heard.End, TestContext.Current.CancellationToken);
        await using var secured = new SslStream(
            new NetworkStream(socket), leaveInnerStreamOpen: false, userCertificateValidationCallback: (_, _, _, _) => true);
        await secured.AuthenticateAsClientAsync("shop");
        await heard.UntilAsync(all => all.All.Count == 1);

        heard.Do(() => heard.All[0].Connection.Write(new byte[1000]));
        await heard.UntilAsync(all => all.All[0] is { Written: 1000, Acknowledged: 1000 });
        for (var given = 0; given < All; given += 64 * 1024) heard.Do(() => heard.All[0].Connection.Write(new byte[64 * 1024]));
        await heard.UntilAsync(all => all.All[0].Written > 1000 + all.All[0].Acknowledged);

        var read = 0;
        var bytes = new byte[256 * 1024];
        while (read < All + 1000) read += await secured.ReadAsync(bytes, TestContext.Current.CancellationToken);
        await heard.UntilAsync(all => all.All[0].Acknowledged == All + 1000);
    }
}
