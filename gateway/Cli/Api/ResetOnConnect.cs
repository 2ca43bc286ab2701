using System.Net.Sockets;

namespace Gateway.Cli.Api;

/// <summary>
/// Reports a connection that is reset in the moment in which it is made as every other failed request. .NET asks the new socket for its
/// other end, and lets the socket's own exception through when there is none any more.
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
