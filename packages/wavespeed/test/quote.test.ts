import { describe, expect, test } from 'vitest';
import { wavespeedAdapter } from '../src/adapter.ts';
import { prepare } from './to-http.ts';

const { quote } = wavespeedAdapter;

describe('the price of a request', () => {
  test('is asked for with the fields that would be sent', () => {
    const { native } = prepare('seedream-5-pro', { prompt: 'a lighthouse', resolution: '2K' });
    expect(quote?.toRequest(native)).toEqual({
      method: 'POST',
      path: '/api/v3/model/price',
      body: { model_id: 'bytedance/seedream-v5.0-pro', inputs: { prompt: 'a lighthouse', resolution: '2k' } },
    });
  });

  test('is asked for without the bytes of pictures', () => {
    const picture = `data:image/png;base64,${'A'.repeat(4000)}`;
    const images = [picture, 'https://example.com/a.png'];
    const { native } = prepare('seedream-4', { prompt: 'x', images });
    expect(quote?.toRequest(native).body).toMatchObject({
      inputs: { images: ['data:image/png;base64,', 'https://example.com/a.png'] },
    });
  });

  const answer = (data: unknown, code = 200): unknown => ({ code, message: 'success', data });

  test.each([
    [answer({ model_id: 'm', price: 0.09, discounted_price: 0.081, discount_rate: 0.9, currency: 'USD' }), 0.081],
    [answer({ model_id: 'm', price: 0.09 }), 0.09],
    [answer({ price: 0.09, discounted_price: null, currency: null }), 0.09],
    [answer({ price: 0, discounted_price: 0 }), 0],
  ])('%o is what is paid', (body, amount) => {
    expect(quote?.parse(body)).toEqual({ amount, currency: 'USD', source: 'quoted' });
  });

  test.each([
    [undefined],
    [null],
    ['0.09'],
    [answer({})],
    [answer({ price: '0.09' })],
    [answer({ price: -1 })],
    [answer({ price: 0.09, discounted_price: -0.01 })],
    [answer({ price: 9, currency: 'CNY' })],
    [answer({ price: 0.09 }, 401)],
    [{ price: 0.09 }],
  ])('%o is no price', (body) => expect(quote?.parse(body)).toBeUndefined());
});
