using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Resources;

/// <summary>
/// An answer with messages under a lease, to a client that may read it slowly: the leases are renewed while it is written, and begin when
/// it is, so that the time for the messages is not spent on the way to whoever handles them. A client that reads nothing has its connection
/// ended by the server's least rate.
/// </summary>
/// <param name="answer">What is written.</param>
/// <param name="renew">Renews all the leases.</param>
internal sealed class HeldWhileWritten(IResult answer, TimeSpan lease, TimeProvider time, Func<Task> renew) : IResult
{
    /// <summary>An answer that takes less than this share of the lease to be written is as good as written at once.</summary>
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
            // The gateway stops, and with it every lease; the answer is written to its end all the same.
        }
    }

    private async Task WriteAsync(HttpContext context)
    {
        await answer.ExecuteAsync(context);
        await context.Response.CompleteAsync();
    }
}
