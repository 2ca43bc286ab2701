using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Dashboard;

/// <summary>
/// The scripts and styles of the pages, embedded in the assembly: nothing comes from another host, and no file can be missing.
/// </summary>
internal static class AssetFiles
{
    private const string Prefix = "dashboard/";

    private static readonly FrozenDictionary<string, Asset> _assets = Load();

    /// <summary>The address of a file. It changes with the content, so browsers may cache the file permanently.</summary>
    public static string Url(string name) => $"/assets/{_assets[name].Tag}/{name}";

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/assets/{tag}/{name}", (string tag, string name, HttpContext context) =>
    {
        if (!_assets.TryGetValue(name, out var asset) || asset.Tag != tag) return Results.NotFound();
        var isZipped = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.Vary = "Accept-Encoding";
        if (isZipped) context.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(isZipped ? asset.Zipped.Value : asset.Content, asset.ContentType);
    }).ExcludeFromDescription().WithMetadata(new AllowAnonymousAttribute());

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = typeof(AssetFiles).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                using var content = new MemoryStream();
                stream.CopyTo(content);
                return new Asset(content.ToArray(), ContentTypeOf(name));
            });
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvariantException($"there is no content type for {other}"),
    };

    private sealed class Asset
    {
        public Asset(byte[] content, string contentType)
        {
            (Content, ContentType) = (content, contentType);
            Tag = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
            Zipped = new Lazy<byte[]>(() => Zip(content));
        }

        public byte[] Content { get; }

        public string ContentType { get; }

        public string Tag { get; }

        /// <summary>Compressed on the first request, so that an unused dashboard costs nothing.</summary>
        public Lazy<byte[]> Zipped { get; }

        private static byte[] Zip(byte[] content)
        {
            using var zipped = new MemoryStream();
            using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(content);
            return zipped.ToArray();
        }
    }
}
