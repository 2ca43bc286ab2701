using Microsoft.AspNetCore.Http;

namespace Gateway.Telemetry;

/// <summary>
/// Takes a page of metrics from its exporter as a whole, and gives it to the scraper then. The exporter writes for as long as a scraper
/// takes, and makes no other page meanwhile: those who come for the next one would wait, with the processor busy, for one who has stopped.
/// Any thread.
/// </summary>
internal sealed class WholePage(TimeProvider time)
{
    /// <summary>Pages that may wait for their scrapers at once; who comes for one more is refused.</summary>
    public const int PagesMax = 16;

    /// <summary>For a scraper to take its page. They give up after ten seconds by themselves.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private int _pages;

    public async Task WriteAsync(HttpContext context, RequestDelegate next)
    {
        if (Interlocked.Increment(ref _pages) > PagesMax)
        {
            Interlocked.Decrement(ref _pages);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync($"{PagesMax} pages of metrics wait for those who asked for them. Look who scrapes "
                + $"and does not read.\n", context.RequestAborted);
            return;
        }

        try
        {
            var body = context.Response.Body;
            using var page = new MemoryStream();
            context.Response.Body = page;
            await next(context);
            context.Response.Body = body;
            context.Response.ContentLength = page.Length;
            await GiveAsync(context, page.GetBuffer().AsMemory(0, (int)page.Length));
        }
        finally
        {
            Interlocked.Decrement(ref _pages);
        }
    }

    private async Task GiveAsync(HttpContext context, ReadOnlyMemory<byte> page)
    {
        using var limit = new CancellationTokenSource(_patience, time);
        await using var abort = limit.Token.Register(context.Abort);
        await context.Response.Body.WriteAsync(page, context.RequestAborted);
    }
}
