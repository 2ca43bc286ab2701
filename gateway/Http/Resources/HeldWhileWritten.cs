using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Resources;

/// <summary>
/// An answer with leased messages to a client that may read slowly. The leases are renewed while the answer is written and start again
/// afterwards, so that a slow transfer does not use up the lease. The server's minimum rate ends the connection of a client that reads
/// nothing.
/// </summary>
/// <param name="answer">The answer to write.</param>
/// <param name="renew">Renews all leases.</param>
internal sealed class HeldWhileWritten(IResult answer, TimeSpan lease, TimeProvider time, Func<Task> renew) : IResult
{
    /// <summary>An answer written in less than this share of the lease needs no renewal.</summary>
    private const int SharesPerLease = 3;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var share = lease / SharesPerLease;
        using var timer = new PeriodicTimer(share, time);
        var writing = WriteAsync(httpContext);
        var isSlow = false;
        while (!await IsOverBeforeAsync(writing, timer))
        {
            isSlow = true;
            await RenewAsync();
        }

        await writing;
        if (isSlow) await RenewAsync();
    }

    private static async Task<bool> IsOverBeforeAsync(Task writing, PeriodicTimer timer)
    {
        var due = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        return await Task.WhenAny(writing, due) == writing;
    }

    private async Task RenewAsync()
    {
        try
        {
            await renew();
        }
        catch (OperationCanceledException)
        {
            // The gateway is stopping, and every lease ends; the answer is still written in full.
        }
    }

    private async Task WriteAsync(HttpContext context)
    {
        await answer.ExecuteAsync(context);
        await context.Response.CompleteAsync();
    }
}
