using System.Net.Sockets;

namespace Gateway.Cli.Api;

/// <summary>
/// Reports a connection reset during connecting like any other failed request. .NET asks the new socket for its remote end point, and lets
/// the socket's exception through if it has none any more.
/// </summary>
internal sealed class ResetOnConnect(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException reset)
        {
            throw new HttpRequestException(
                HttpRequestError.Unknown, $"The connection was reset as soon as it was made: {reset.Message}", reset);
        }
    }
}
