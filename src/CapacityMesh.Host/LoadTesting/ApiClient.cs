using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CapacityMesh.Host.LoadTesting;

/// <summary>The API, as a script would call it.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient client;

    public ApiClient(Uri url, string key, int connections)
    {
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections, ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false, UseCookies = false };
        client = new HttpClient(handler) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(40) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>A document; null unless the answer is 2xx.</summary>
    public async Task<JsonElement?> GetAsync(string path, CancellationToken cancel)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancel);
        return response.IsSuccessStatusCode ? await ReadAsync(response, cancel) : null;
    }

    /// <summary>What a POST was answered.</summary>
    public async Task<HttpStatusCode> PostAsync(string path, string json, CancellationToken cancel)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, cancel);
        return response.StatusCode;
    }

    /// <summary>Lines of a stream of events, as they come.</summary>
    public async Task<StreamReader> StreamAsync(string path, CancellationToken cancel) =>
        new(await client.GetStreamAsync(new Uri(path, UriKind.Relative), cancel));

    /// <summary>A document.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
        return document.RootElement.Clone();
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
