using Microsoft.AspNetCore.Http;

namespace Gateway.Telemetry;

/// <summary>
/// Buffers a whole page of metrics before it goes to the scraper. Otherwise the exporter would write at the scraper's pace and create no
/// other page meanwhile: one stalled scraper would block all others and keep the processor busy. Thread-safe.
/// </summary>
internal sealed class WholePage(TimeProvider time)
{
    /// <summary>The maximum number of pages waiting for their scrapers; a further scrape is refused.</summary>
    public const int PagesMax = 16;

    /// <summary>The time for a scraper to read its page. Scrapers themselves give up after ten seconds.</summary>
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
