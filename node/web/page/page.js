/* What a page can do besides: keep drafts, hold on to a form while the node is away, show
 * what has changed, make photos smaller. Everything works without it. */
(function () {
  'use strict';
  var say = document.body.dataset;

  function statusOf(form) {
    return form.querySelector('[data-status]') || document.createElement('p');
  }
  function tell(form, text) {
    statusOf(form).textContent = text || '';
  }
  function bodyOf(form, submitter) {
    var data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    if (form.enctype === 'multipart/form-data') return data;
    return new URLSearchParams(data);
  }

  /* ---- drafts: kept on the node a moment after the last key ---- */
  function watchDraft(form) {
    var timer = 0, wait = 0;
    function keep() {
      var data = new URLSearchParams(new FormData(form));
      data.delete('pin');
      data.delete('once');
      data.append('quiet', '1');
      fetch('/draft', {method: 'POST', body: data}).then(function (answer) {
        if (answer.status !== 204) throw new Error('refused');
        wait = 0;
        form.dataset.dirty = '';
        tell(form, say.saved);
      }).catch(function () {
        wait = Math.min((wait || 1000) * 2, 30000);
        tell(form, say.lost);
        timer = setTimeout(keep, wait);
      });
    }
    form.addEventListener('input', function (event) {
      if (event.target.type === 'password' || event.target.type === 'file') return;
      form.dataset.dirty = '1';
      clearTimeout(timer);
      timer = setTimeout(keep, 800);
    });
    form.addEventListener('submit', function () { clearTimeout(timer); });
  }

  /* ---- sending: the form stays until the node has it; the once in it makes a second try
   * harmless ---- */
  function watchSend(form) {
    form.addEventListener('submit', function (event) {
      var submitter = event.submitter;
      var action = (submitter && submitter.getAttribute('formaction')) || form.getAttribute('action');
      event.preventDefault();
      if (form.dataset.sending) return;
      form.dataset.sending = '1';
      shrinkAll(form).then(function () {
        send(form, action, bodyOf(form, submitter), 1000);
      });
    });
  }
  function send(form, action, body, wait) {
    tell(form, say.sending);
    fetch(action, {method: 'POST', body: body}).then(function (answer) {
      return answer.text().then(function (text) {
        form.dataset.sending = '';
        form.dataset.dirty = '';
        if (answer.redirected) {
          location.assign(answer.url);
        } else {
          show(text);
        }
      });
    }).catch(function () {
      tell(form, say.offline);
      form.scrollIntoView({block: 'nearest'});
      setTimeout(function () { send(form, action, body, Math.min(wait * 2, 15000)); }, wait);
    });
  }
  /* A form that was refused comes back as a page. */
  function show(text) {
    var page = new DOMParser().parseFromString(text, 'text/html');
    document.title = page.title;
    document.body.replaceWith(page.body);
    say = document.body.dataset;
    begin();
    var alert = document.querySelector('[role=alert]');
    if (alert) {
      alert.tabIndex = -1;
      alert.focus();
    }
  }

  /* ---- leaving with something unsaved ---- */
  window.addEventListener('beforeunload', function (event) {
    if (document.querySelector('form[data-dirty="1"]:not([data-sending="1"])')) event.preventDefault();
  });

  /* ---- photos: at most 1,600 pixels a side, as JPEG ---- */
  function shrink(input) {
    var file = input.files && input.files[0];
    if (!file || !/^image\//.test(file.type) || file.size < 400000 || !window.createImageBitmap) return Promise.resolve();
    return createImageBitmap(file).then(function (image) {
      var share = Math.min(1, 1600 / Math.max(image.width, image.height));
      var canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * share);
      canvas.height = Math.round(image.height * share);
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) { canvas.toBlob(done, 'image/jpeg', 0.85); });
    }).then(function (blob) {
      if (!blob || blob.size >= file.size) return;
      var list = new DataTransfer();
      list.items.add(new File([blob], file.name.replace(/\.[^.]*$/, '') + '.jpg', {type: 'image/jpeg'}));
      input.files = list.files;
    }).catch(function () { /* as it is */ });
  }
  function shrinkAll(form) {
    return Promise.all(Array.prototype.map.call(form.querySelectorAll('input[type=file]'), shrink));
  }

  /* ---- what changes meanwhile ---- */
  function refresh(event, always) {
    fetch(location.href).then(function (answer) { return answer.text(); }).then(function (text) {
      var page = new DOMParser().parseFromString(text, 'text/html');
      document.querySelectorAll('[data-live]').forEach(function (part) {
        var fresh = page.getElementById(part.id);
        if (fresh && (always || !part.contains(document.activeElement))) part.innerHTML = fresh.innerHTML;
      });
    }).catch(function () { /* the next change tries again */ });
  }
  function watchLive() {
    if (!document.querySelector('[data-live]') || !window.EventSource) return;
    var stream = new EventSource('/live');
    stream.onmessage = refresh;
    window.addEventListener('pagehide', function () { stream.close(); });
  }

  /* A file that was given out leaves the page as it is; the node answers what is asked behind
   * it when it has given it. */
  document.addEventListener('submit', function (event) {
    if (event.target.dataset.file !== undefined && event.target.closest('[data-live]')) {
      setTimeout(function () { refresh(event, true); }, 1000);
    }
  });

  function begin() {
    document.querySelectorAll('form[method=post]').forEach(function (form) {
      if (form.dataset.draft !== undefined) watchDraft(form);
      // What gives a file is the browser's own to save.
      if (form.querySelector('[name=once]') && form.dataset.file === undefined) watchSend(form);
    });
  }
  begin();
  watchLive();
})();
